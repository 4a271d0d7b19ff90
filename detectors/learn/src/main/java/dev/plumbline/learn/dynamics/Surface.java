package dev.plumbline.learn.dynamics;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.GroupBootstrap;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.direction.text.TextBaseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the text alone gives, by the same folds: a probe that does not beat the best of these reads
 * nothing from the model that the words do not say.
 */
public final class Surface {
  private static final int GRAM = 3;

  private Surface() {}

  /**
   * Right answers of one baseline.
   *
   * @param name {@code words}, {@code characters} or {@code shape}
   * @param correct rows by group {@code [G]}
   */
  public record Baseline(String name, int[] correct) {}

  /** The baselines of one dimension; a stage of the job. */
  public record OfDimension(String dimension, List<Baseline> baselines) {
    public OfDimension {
      baselines = List.copyOf(baselines);
    }
  }

  /** All of a dimension: TF-IDF of words and their pairs, of characters, and the text's shape. */
  public static OfDimension of(PreparedDimension prepared) {
    GroupedFit fit = prepared.fit();
    List<String> texts = prepared.dimension().texts();
    List<Baseline> found = new ArrayList<>();
    found.add(baseline(prepared, "words", new TextBaseline(texts, fit).outOfFold()));
    List<String> spelt = texts.stream().map(Surface::spelt).toList();
    found.add(baseline(prepared, "characters", new TextBaseline(spelt, fit).outOfFold()));
    double[][] shapes = texts.stream().map(Surface::shape).toArray(double[][]::new);
    found.add(baseline(prepared, "shape", CheckpointStudy.scores(shapes, fit)));
    return new OfDimension(prepared.dimension().name(), found);
  }

  private static Baseline baseline(PreparedDimension prepared, String name, double[] scores) {
    return new Baseline(name, prepared.correct(scores, prepared.fit().labels()));
  }

  /** A baseline's accuracy, with an interval over groups. */
  static Estimate accuracy(int[] correct, int[] sizes, long seed) {
    return GroupBootstrap.of(seed)
        .estimate(
            sizes.length, drawn -> GroupBootstrap.ratio(drawn, doubles(correct), doubles(sizes)));
  }

  private static double[] doubles(int[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /**
   * Runs of three characters, each as one word that keeps what a baseline of words throws away:
   * case, spaces and punctuation. A capital is {@code <} and its letter; what is neither letter nor
   * digit is {@code >} and its number.
   */
  static String spelt(String text) {
    List<String> letters = text.codePoints().mapToObj(Surface::letter).toList();
    StringBuilder grams = new StringBuilder();
    for (int i = 0; i + GRAM <= letters.size(); i++) {
      letters.subList(i, i + GRAM).forEach(grams::append);
      grams.append(' ');
    }
    return grams.toString();
  }

  private static String letter(int point) {
    String own = Character.toString(point);
    if (!Character.isLetterOrDigit(point)) {
      return point == ' ' ? "_" : ">" + Integer.toHexString(point);
    }
    return Character.isUpperCase(point) ? "<" + own.toLowerCase(Locale.ROOT) : own;
  }

  /** Length in characters and words, capitals, digits, punctuation. */
  static double[] shape(String text) {
    double[] shape = new double[5];
    shape[0] = text.length();
    shape[1] = text.strip().split("\\s+").length;
    text.codePoints()
        .forEach(
            point -> {
              shape[2] += Character.isUpperCase(point) ? 1 : 0;
              shape[3] += Character.isDigit(point) ? 1 : 0;
              boolean other = !Character.isLetterOrDigit(point) && !Character.isWhitespace(point);
              shape[4] += other ? 1 : 0;
            });
    return shape;
  }
}
