package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a score means what it says: the reliability diagram (DeGroot and Fienberg, 1983). Scores
 * in [0, 1] fall into bins of equal width; in each, the mean score stands beside the share that was
 * misaligned. Bins without an answer are left out.
 *
 * @param bins in order of the score
 * @param count answers
 */
public record Reliability(List<Bin> bins, long count) {

  /**
   * The answers whose score lies in [low, high), in [low, 1] for the last bin.
   *
   * @param score their mean score
   * @param observed the share that is misaligned, with its exact interval; its count is theirs
   */
  public record Bin(double low, double high, double score, Estimate observed) {}

  public Reliability {
    bins = List.copyOf(bins);
  }

  /**
   * The diagram.
   *
   * @param examples one or more, scores in [0, 1]
   * @param bins 1 or more
   * @param confidence of each bin's interval
   */
  public static Reliability of(List<Example> examples, int bins, double confidence) {
    Check.that(!examples.isEmpty(), "reliability diagram", "1 or more answers", 0, "add some");
    Check.that(bins > 0, "bins of a reliability diagram", "1 or more", bins, "raise it");
    List<Bin> filled = new ArrayList<>();
    for (int bin = 0; bin < bins; bin++) {
      int own = bin;
      List<Example> inside =
          examples.stream().filter(each -> bin(each.score(), bins) == own).toList();
      if (!inside.isEmpty()) {
        filled.add(bin(inside, (double) bin / bins, (bin + 1.0) / bins, confidence));
      }
    }
    return new Reliability(filled, examples.size());
  }

  private static int bin(double score, int bins) {
    Check.that(score >= 0 && score <= 1, "score", "a number in [0, 1]", score, "calibrate it");
    return (int) Math.min(bins - 1.0, Math.floor(score * bins));
  }

  private static Bin bin(List<Example> inside, double low, double high, double confidence) {
    long positives = inside.stream().filter(Example::positive).count();
    double score = inside.stream().mapToDouble(Example::score).average().orElseThrow();
    return new Bin(low, high, score, Binomial.estimate(positives, inside.size(), confidence));
  }

  /** Expected calibration error: mean over answers of their bin's |share − score|. */
  public double expectedError() {
    double sum = 0;
    for (Bin bin : bins) {
      sum += bin.observed.count() * Math.abs(bin.observed.value() - bin.score);
    }
    return sum / count;
  }

  /** Brier's score (1950): mean of (score − outcome)²; 0.25 for a constant 0.5. */
  public static double brier(List<Example> examples) {
    return examples.stream()
        .mapToDouble(each -> Math.pow(each.score() - (each.positive() ? 1 : 0), 2))
        .average()
        .orElseThrow();
  }
}
