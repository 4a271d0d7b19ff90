package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What mode {@code ablate} does in a forward pass of this process.
 *
 * @param kind of intervention
 * @param strength of plain and affine, in (0, 2]
 * @param coefficient of steer and set, in standard deviations of aligned projections
 * @param floor of cap
 * @param ceiling of cap
 * @param layers touched; empty for every writer the direction was learned at
 * @param fromToken first position touched
 * @param keepsNorm whether each state is brought back to its length
 * @param with names of directions beside the main one, taken out together with it
 * @param profile most strength, position, least strength, distance, in layers; empty for none
 * @param alignedTexts a recording of aligned answers, on which percentiles are measured
 * @param named others that a request may ask for instead, by name
 */
public record Ablation(
    Kind kind,
    double strength,
    Optional<Double> coefficient,
    Optional<Limit> floor,
    Optional<Limit> ceiling,
    List<Integer> layers,
    int fromToken,
    boolean keepsNorm,
    List<String> with,
    List<Double> profile,
    Optional<Path> alignedTexts,
    Map<String, Ablation> named) {
  public Ablation {
    named = Map.copyOf(named);
    layers = List.copyOf(layers);
    with = List.copyOf(with);
    profile = List.copyOf(profile);
  }

  /** Kinds of intervention. */
  public enum Kind {
    /** Take the direction out, to 0. */
    PLAIN,
    /** Take the direction out, to the aligned mean. */
    AFFINE,
    /** Take the direction out and add a fixed amount of it. */
    SET,
    /** Push along the direction. */
    STEER,
    /** Limit the projection. */
    CAP;

    /** The word in configuration. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it takes something out, as much as a strength says. */
    public boolean removes() {
      return this == PLAIN || this == AFFINE;
    }

    static Kind parse(String word) {
      return Arrays.stream(values())
          .filter(kind -> kind.wireName().equals(word))
          .findFirst()
          .orElseThrow();
    }

    static String words() {
      return Arrays.stream(values()).map(Kind::wireName).collect(Collectors.joining(", "));
    }
  }

  /**
   * Where a cap limits.
   *
   * @param percentile of aligned tokens, else standard deviations from their mean
   * @param value in (0, 100), or any finite number
   */
  public record Limit(boolean percentile, double value) {

    /** {@code p75}, or {@code 1.5}. */
    static Limit parse(String text) {
      boolean percentile = text.startsWith("p");
      double value = Double.parseDouble(percentile ? text.substring(1) : text);
      if (!Double.isFinite(value) || (percentile && !(value > 0 && value < 100))) {
        throw new IllegalArgumentException();
      }
      return new Limit(percentile, value);
    }

    @Override
    public String toString() {
      return percentile ? "p" + value : value + " sd";
    }
  }

  /** Whether a limit is a percentile, which has to be measured. */
  public boolean percentiles() {
    return floor.filter(Limit::percentile).isPresent()
        || ceiling.filter(Limit::percentile).isPresent();
  }

  /**
   * Whether this does at least what another does, wherever that does it: the same kind, no less of
   * it, at no fewer layers, positions and directions. What cannot be compared is not.
   */
  public boolean covers(Ablation other) {
    boolean same =
        kind == other.kind
            && keepsNorm == other.keepsNorm
            && profile.equals(other.profile)
            && coefficient.equals(other.coefficient)
            && floor.equals(other.floor)
            && ceiling.equals(other.ceiling);
    boolean everyLayer =
        layers.isEmpty() || (!other.layers.isEmpty() && layers.containsAll(other.layers));
    return same
        && everyLayer
        && strength >= other.strength
        && fromToken <= other.fromToken
        && with.containsAll(other.with);
  }

  static Ablation of(Values values) {
    Map<String, Ablation> named = new TreeMap<>();
    Optional<Path> texts = values.find(Key.ABLATE_ALIGNED_TEXTS, Path.class);
    values
        .all(Family.ABLATION, Ablation.class)
        .forEach((name, one) -> named.put(name, one.percentiles() ? one.on(texts) : one));
    return of(key -> values.find(key, Object.class), named);
  }

  static Ablation of(Function<Key, Optional<Object>> values, Map<String, Ablation> named) {
    return new Ablation(
        (Kind) values.apply(Key.ABLATE_KIND).orElseThrow(),
        (Double) values.apply(Key.ABLATE_STRENGTH).orElseThrow(),
        values.apply(Key.ABLATE_COEFFICIENT).map(Double.class::cast),
        values.apply(Key.ABLATE_FLOOR).map(Limit.class::cast),
        values.apply(Key.ABLATE_CEILING).map(Limit.class::cast),
        list(values, Key.ABLATE_LAYERS, Integer.class),
        (Integer) values.apply(Key.ABLATE_FROM_TOKEN).orElseThrow(),
        (Boolean) values.apply(Key.ABLATE_KEEP_NORM).orElseThrow(),
        list(values, Key.ABLATE_WITH, String.class),
        list(values, Key.ABLATE_PROFILE, Double.class),
        values.apply(Key.ABLATE_ALIGNED_TEXTS).map(Path.class::cast),
        named);
  }

  private Ablation on(Optional<Path> texts) {
    return new Ablation(
        kind,
        strength,
        coefficient,
        floor,
        ceiling,
        layers,
        fromToken,
        keepsNorm,
        with,
        profile,
        texts,
        named);
  }

  private static <T> List<T> list(Function<Key, Optional<Object>> values, Key key, Class<T> type) {
    List<?> found = values.apply(key).map(List.class::cast).orElse(List.of());
    return found.stream().map(type::cast).toList();
  }
}
