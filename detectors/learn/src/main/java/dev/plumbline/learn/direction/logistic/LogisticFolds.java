package dev.plumbline.learn.direction.logistic;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Logistic regressions with a ridge on one set of rows, every fold and every λ side by side: one
 * sweep over the features serves them all. The loss is that of {@link LogisticRegression}, over
 * features standardised on each fit's own training rows.
 *
 * <p>Standardising is folded into the weights ({@code z·w = x·(w/s) − m·(w/s)}), so no fold has a
 * copy of its rows. Products are in float32, sums over rows and the search in double. Not
 * thread-safe.
 */
public final class LogisticFolds {
  /** The largest component of the gradient at a minimum. */
  private static final double TOLERANCE = 1e-5;

  private final Products features;
  private final boolean[] labels;
  private final FoldMoments moments;

  /**
   * @param features of the rows, best centred and of unit spread over all of them
   * @param labels {@code [N]}, both outcomes
   * @param moments of the same features, by fold
   */
  public LogisticFolds(Products features, boolean[] labels, FoldMoments moments) {
    Check.size(features.rows(), labels.length, "labels");
    this.features = features;
    this.labels = labels.clone();
    this.moments = moments;
  }

  /** The λ with the least held-out cross-entropy, each outcome counting half; K folds at once. */
  public double choose(double[] ridges) {
    List<Fit> fits = new ArrayList<>();
    for (double ridge : ridges) {
      for (int fold = 0; fold < moments.folds(); fold++) {
        fits.add(new Fit(fold, ridge));
      }
    }
    minimise(fits);
    double[] losses = new double[ridges.length];
    float[] scores = features.scores(weights(fits));
    for (int k = 0; k < fits.size(); k++) {
      losses[k / moments.folds()] += fits.get(k).heldOutLoss(scores, k, fits.size());
    }
    int best =
        IntStream.range(0, losses.length)
            .reduce((a, b) -> losses[b] < losses[a] ? b : a)
            .getAsInt();
    return ridges[best];
  }

  /** The fit on all rows. */
  public LinearModel fit(double ridge) {
    Fit fit = new Fit(-1, ridge);
    minimise(List.of(fit));
    return new LinearModel(fit.folded(fit.search.minimum()), fit.bias(fit.search.minimum()));
  }

  private void minimise(List<Fit> fits) {
    List<Fit> active = new ArrayList<>(fits);
    while (!active.isEmpty()) {
      float[] weights = new float[active.size() * features.columns()];
      IntStream.range(0, active.size())
          .forEach(k -> active.get(k).write(active.get(k).search.trial(), weights, k));
      float[] scores = features.scores(weights);
      float[] slopes = new float[scores.length];
      int width = active.size();
      double[][] sums =
          IntStream.range(0, width)
              .parallel()
              .mapToObj(k -> active.get(k).slopes(scores, slopes, k, width))
              .toArray(double[][]::new);
      float[] gradients = features.gradients(slopes);
      IntStream.range(0, width)
          .parallel()
          .forEach(k -> active.get(k).tell(sums[k][0], sums[k][1], gradients, k));
      active.removeIf(fit -> fit.search.done());
    }
  }

  private float[] weights(List<Fit> fits) {
    float[] weights = new float[fits.size() * features.columns()];
    for (int k = 0; k < fits.size(); k++) {
      fits.get(k).write(fits.get(k).search.minimum(), weights, k);
    }
    return weights;
  }

  /** One fit: the training rows are those outside its fold; of fold −1, all. */
  private final class Fit {
    private final int fold;
    private final double ridge;
    private final double[] means;
    private final double[] deviations;
    private final double[] weight = new double[2];
    private final Lbfgs search = new Lbfgs(new double[features.columns() + 1], TOLERANCE);

    Fit(int fold, double ridge) {
      this.fold = fold;
      this.ridge = ridge;
      this.means = moments.means(fold);
      this.deviations = moments.deviations(fold);
      int[] counts = new int[2];
      for (int i = 0; i < labels.length; i++) {
        counts[labels[i] ? 1 : 0] += training(i) ? 1 : 0;
      }
      Check.that(
          counts[0] > 0 && counts[1] > 0,
          "training rows outside fold " + fold,
          "both outcomes",
          Arrays.toString(counts),
          "collect more prompts of both kinds");
      weight[0] = 0.5 / counts[0];
      weight[1] = 0.5 / counts[1];
    }

    private boolean training(int row) {
      return fold < 0 || moments.fold(row) != fold;
    }

    /** The weights {@code [F]} of the features as they are. */
    double[] folded(double[] at) {
      double[] raw = new double[means.length];
      for (int i = 0; i < raw.length; i++) {
        raw[i] = at[i] / deviations[i];
      }
      return raw;
    }

    double bias(double[] at) {
      return at[means.length] - Vectors.dot(folded(at), means);
    }

    void write(double[] at, float[] into, int k) {
      for (int i = 0; i < means.length; i++) {
        into[k * means.length + i] = (float) (at[i] / deviations[i]);
      }
    }

    /** Writes each row's slope; the loss of the rows and the sum of the slopes. */
    double[] slopes(float[] scores, float[] slopes, int k, int width) {
      double[] sums = new double[2];
      double bias = bias(search.trial());
      for (int row = 0; row < labels.length; row++) {
        if (training(row)) {
          double share = weight[labels[row] ? 1 : 0];
          double margin = (scores[row * width + k] + bias) * (labels[row] ? 1 : -1);
          double tail = Math.exp(-Math.abs(margin));
          double wrong = (margin > 0 ? tail : 1) / (1 + tail);
          sums[0] += share * (Math.max(-margin, 0) + Math.log1p(tail));
          double slope = (labels[row] ? -wrong : wrong) * share;
          slopes[row * width + k] = (float) slope;
          sums[1] += slope;
        }
      }
      return sums;
    }

    void tell(double rows, double slope, float[] gradients, int k) {
      double[] at = search.trial();
      double[] gradient = new double[at.length];
      double squares = 0;
      for (int i = 0; i < means.length; i++) {
        double raw = gradients[k * means.length + i] - slope * means[i];
        gradient[i] = raw / deviations[i] + ridge * at[i];
        squares += at[i] * at[i];
      }
      gradient[means.length] = slope;
      search.told(rows + ridge / 2 * squares, gradient);
    }

    double heldOutLoss(float[] scores, int k, int width) {
      double[] sums = new double[2];
      int[] counts = new int[2];
      double bias = bias(search.minimum());
      for (int row = 0; row < labels.length; row++) {
        if (!training(row)) {
          int outcome = labels[row] ? 1 : 0;
          double margin = (scores[row * width + k] + bias) * (outcome == 1 ? 1 : -1);
          sums[outcome] += Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
          counts[outcome]++;
        }
      }
      return sums[0] / Math.max(1, counts[0]) + sums[1] / Math.max(1, counts[1]);
    }
  }
}
