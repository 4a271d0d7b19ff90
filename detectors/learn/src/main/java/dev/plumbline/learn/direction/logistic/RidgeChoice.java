package dev.plumbline.learn.direction.logistic;

import dev.plumbline.core.stats.GroupFolds;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * λ by inner cross-validation that never splits a group: the one with the least held-out cross
 * entropy, each outcome counting half.
 */
public final class RidgeChoice {
  private RidgeChoice() {}

  /** How a design is made of training rows; held-out rows are its last ones. */
  @FunctionalInterface
  public interface Designs {
    /** The design {@code [n+m,F]} of training rows then held-out rows, fitted on the former. */
    Design of(int[] training, int[] heldOut);
  }

  /**
   * The best λ for some rows.
   *
   * @param rows indices that may be used, in any order
   * @param groups the group of every row, used or not
   * @param ridges candidates; tried from the largest down, each starting at the last one's minimum
   */
  public static double choose(
      Designs designs,
      int[] rows,
      boolean[] labels,
      List<String> groups,
      double[] ridges,
      int folds,
      long seed) {
    double[] descending = descending(ridges);
    List<String> own = Arrays.stream(rows).mapToObj(groups::get).toList();
    int k = (int) Math.min(folds, own.stream().distinct().count());
    if (ridges.length == 1 || k < 2) {
      return descending[0];
    }
    int[] fold = GroupFolds.assign(own, k, seed);
    double[] losses = new double[descending.length];
    for (int held = 0; held < k; held++) {
      int[] training = select(rows, fold, held, false);
      int[] heldOut = select(rows, fold, held, true);
      if (bothOutcomes(labels, training)) {
        addLosses(designs.of(training, heldOut), training, heldOut, labels, descending, losses);
      }
    }
    int best =
        IntStream.range(0, losses.length)
            .reduce((a, b) -> losses[b] < losses[a] ? b : a)
            .getAsInt();
    return descending[best];
  }

  private static void addLosses(
      Design design,
      int[] training,
      int[] heldOut,
      boolean[] labels,
      double[] ridges,
      double[] losses) {
    boolean[] targets = new boolean[training.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = labels[training[i]];
    }
    LinearModel model = null;
    for (int r = 0; r < ridges.length; r++) {
      model =
          LogisticRegression.fit(new FirstRows(design, training.length), targets, ridges[r], model);
      losses[r] += loss(model, design, training.length, heldOut, labels);
    }
  }

  private static double loss(
      LinearModel model, Design design, int from, int[] heldOut, boolean[] labels) {
    double[] sums = new double[2];
    int[] counts = new int[2];
    for (int i = 0; i < heldOut.length; i++) {
      double f = model.value(design, from + i);
      int outcome = labels[heldOut[i]] ? 1 : 0;
      double margin = outcome == 1 ? f : -f;
      sums[outcome] += Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
      counts[outcome]++;
    }
    return sums[0] / Math.max(1, counts[0]) + sums[1] / Math.max(1, counts[1]);
  }

  private static boolean bothOutcomes(boolean[] labels, int[] rows) {
    long positives = Arrays.stream(rows).filter(row -> labels[row]).count();
    return positives > 0 && positives < rows.length;
  }

  private static double[] descending(double[] ridges) {
    return Arrays.stream(ridges)
        .boxed()
        .sorted((a, b) -> Double.compare(b, a))
        .mapToDouble(x -> x)
        .toArray();
  }

  private static int[] select(int[] rows, int[] fold, int held, boolean inside) {
    return IntStream.range(0, rows.length)
        .filter(i -> (fold[i] == held) == inside)
        .map(i -> rows[i])
        .toArray();
  }

  /** The first n rows of a design. */
  private record FirstRows(Design all, int rows) implements Design {
    @Override
    public int columns() {
      return all.columns();
    }

    @Override
    public double dot(int row, double[] w) {
      return all.dot(row, w);
    }

    @Override
    public void addTo(double[] into, int row, double scale) {
      all.addTo(into, row, scale);
    }
  }
}
