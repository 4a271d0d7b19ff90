package dev.plumbline.learn.direction.logistic;

import dev.plumbline.core.stats.GroupFolds;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Logistic regressions whose outer folds, inner folds and standardisation never see a held-out
 * group. The same folds for the same groups and seed, so that a probe and its controls are compared
 * like with like. Outer folds run in parallel; the result does not depend on it.
 *
 * @param labels {@code [N]}
 * @param groups of each row: the prompts
 * @param ridges candidates of λ, for the inner choice
 * @param folds outer folds, 2 or more
 * @param seed of the folds
 */
public record GroupedFit(
    boolean[] labels, List<String> groups, double[] ridges, int folds, long seed) {
  private static final int INNER_FOLDS = 3;

  /** What one outer fold's fit gives its held-out rows. */
  @FunctionalInterface
  public interface Scorer {
    /** Scores {@code [m]} of the held-out rows by a fit with that λ on the training rows. */
    double[] score(int[] training, int[] heldOut, double ridge);
  }

  /** Out-of-fold scores {@code [N]}, λ chosen inside each outer fold. */
  public double[] outOfFold(RidgeChoice.Designs designs, Scorer scorer) {
    int[] fold = GroupFolds.assign(groups, outer(), seed);
    double[] scores = new double[labels.length];
    IntStream.range(0, outer())
        .parallel()
        .forEach(
            held -> {
              int[] training = rows(fold, held, false);
              int[] heldOut = rows(fold, held, true);
              double[] own = scorer.score(training, heldOut, ridge(designs, training));
              for (int i = 0; i < heldOut.length; i++) {
                scores[heldOut[i]] = own[i];
              }
            });
    return scores;
  }

  /** λ for a fit on some rows. */
  public double ridge(RidgeChoice.Designs designs, int[] rows) {
    return RidgeChoice.choose(designs, rows, labels, groups, ridges, INNER_FOLDS, seed + 1);
  }

  /** All rows, in order. */
  public int[] all() {
    return IntStream.range(0, labels.length).toArray();
  }

  /** The labels of some rows, a new array. */
  public boolean[] labels(int[] rows) {
    boolean[] own = new boolean[rows.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = labels[rows[i]];
    }
    return own;
  }

  /** The same rows and folds with other labels. */
  public GroupedFit relabelled(boolean[] others) {
    return new GroupedFit(others, groups, ridges, folds, seed);
  }

  /** The same with one λ. */
  public GroupedFit with(double ridge) {
    return new GroupedFit(labels, groups, new double[] {ridge}, folds, seed);
  }

  /**
   * Whether there are two groups or more, and both outcomes outside every fold: else nothing can be
   * fitted.
   */
  public boolean possible() {
    if (outer() < 2) {
      return false;
    }
    int[] fold = GroupFolds.assign(groups, outer(), seed);
    return IntStream.range(0, outer())
        .allMatch(
            held -> {
              boolean[] own = labels(rows(fold, held, false));
              return own.length > 0 && contains(own, true) && contains(own, false);
            });
  }

  private static boolean contains(boolean[] labels, boolean wanted) {
    for (boolean label : labels) {
      if (label == wanted) {
        return true;
      }
    }
    return false;
  }

  private int outer() {
    return (int) Math.min(folds, groups.stream().distinct().count());
  }

  private static int[] rows(int[] fold, int held, boolean inside) {
    return IntStream.range(0, fold.length).filter(i -> (fold[i] == held) == inside).toArray();
  }

  /** Some rows of a matrix, the arrays themselves. */
  public static double[][] rows(double[][] all, int[]... parts) {
    return Stream.of(parts)
        .flatMapToInt(Arrays::stream)
        .mapToObj(i -> all[i])
        .toArray(double[][]::new);
  }
}
