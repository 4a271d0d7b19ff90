package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    Optional<Path> alignedTexts) {
  public Ablation {
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

  static Ablation of(Values values) {
    return new Ablation(
        values.get(Key.ABLATE_KIND, Kind.class),
        values.get(Key.ABLATE_STRENGTH, Double.class),
        values.find(Key.ABLATE_COEFFICIENT, Double.class),
        values.find(Key.ABLATE_FLOOR, Limit.class),
        values.find(Key.ABLATE_CEILING, Limit.class),
        list(values, Key.ABLATE_LAYERS, Integer.class),
        values.get(Key.ABLATE_FROM_TOKEN, Integer.class),
        values.get(Key.ABLATE_KEEP_NORM, Boolean.class),
        list(values, Key.ABLATE_WITH, String.class),
        list(values, Key.ABLATE_PROFILE, Double.class),
        values.find(Key.ABLATE_ALIGNED_TEXTS, Path.class));
  }

  private static <T> List<T> list(Values values, Key key, Class<T> type) {
    List<?> found = values.find(key, List.class).orElse(List.of());
    return found.stream().map(type::cast).toList();
  }
}
