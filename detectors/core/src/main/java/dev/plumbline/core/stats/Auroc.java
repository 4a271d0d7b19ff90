package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.Comparator;
import java.util.List;

/**
 * The share of (positive, negative) pairs in which the positive has the higher score; ties count
 * half. Computed from midranks (Mann and Whitney, 1947), exactly until the one division.
 */
public final class Auroc {

  private Auroc() {}

  /** AUROC in [0, 1]; both outcomes must be there. */
  public static double of(List<Example> examples) {
    long positives = examples.stream().filter(Example::positive).count();
    long negatives = examples.size() - positives;
    Check.that(
        positives > 0 && negatives > 0,
        "AUROC",
        "both outcomes",
        positives + " positive and " + negatives + " negative",
        "collect answers of both kinds");
    long twiceRanks = twicePositiveRanks(examples);
    return (twiceRanks - positives * (positives + 1)) / (2.0 * positives * negatives);
  }

  /** Twice the sum of the positives' midranks: a whole number. */
  private static long twicePositiveRanks(List<Example> examples) {
    List<Example> sorted =
        examples.stream().sorted(Comparator.comparingDouble(Example::score)).toList();
    long sum = 0;
    int start = 0;
    while (start < sorted.size()) {
      int end = start;
      long positives = 0;
      // == and not Double.compare: −0.0 and 0.0 are a tie.
      while (end < sorted.size() && sorted.get(end).score() == sorted.get(start).score()) {
        positives += sorted.get(end).positive() ? 1 : 0;
        end++;
      }
      sum += positives * (start + 1L + end);
      start = end;
    }
    return sum;
  }
}
