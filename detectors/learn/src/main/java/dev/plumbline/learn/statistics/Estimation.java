package dev.plumbline.learn.statistics;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Cholesky;
import dev.plumbline.core.stats.CovarianceAccumulator;
import dev.plumbline.core.stats.Moments;
import java.util.Optional;

/**
 * A direction from sufficient statistics alone.
 *
 * @param positive moments of the worse class; read
 * @param negative moments of the better one; read
 * @param pairs moments of paired differences, positive minus negative; then the classes' own are
 *     not used, and what a pair shares (its prompt) cancels
 * @param ridge of {@link Estimator#WHITENED}: how many mean variances are added to Σ's diagonal
 */
public record Estimation(
    Moments positive, Moments negative, Optional<Moments> pairs, double ridge) {
  /** What the shrinkage is where nobody says. */
  public static final double RIDGE = 1e-3;

  public Estimation {
    Check.that(ridge >= 0, "ridge", "0 or more", ridge, "raise it");
  }

  /** The vector {@code [D]}, not of unit length; zero where nothing differs. */
  public double[] vector(Estimator estimator) {
    return switch (estimator) {
      case MEAN_DIFFERENCE -> meanDifference();
      case WHITENED -> whitened();
      case PRINCIPAL_COMPONENT -> principalComponent();
      case LOGISTIC ->
          throw Check.refusal(
              "logistic estimator", "the answers' means", "moments", "read the rows");
    };
  }

  /** {@code μ₊ − μ₋}, or the mean of the pairs. */
  public double[] meanDifference() {
    if (pairs.isPresent()) {
      return pairs.get().mean();
    }
    double[] difference = positive.mean();
    double[] from = negative.mean();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= from[i];
    }
    return difference;
  }

  private double[] whitened() {
    double[][] within = pairs.isPresent() ? covariance(pairs.get()) : pooled();
    double trace = 0;
    for (int i = 0; i < within.length; i++) {
      trace += within[i][i];
    }
    Check.positive(trace, "scatter within classes");
    return Cholesky.of(within, ridge * trace / within.length).solve(meanDifference());
  }

  /** Both classes' covariances, each vector counting once about its own class's mean. */
  private double[][] pooled() {
    double[][] sum = covariance(positive);
    double[][] other = covariance(negative);
    double all = positive.count() + negative.count() - 2.0;
    double share = (positive.count() - 1) / all;
    for (int i = 0; i < sum.length; i++) {
      for (int j = 0; j < sum.length; j++) {
        sum[i][j] = share * sum[i][j] + (1 - share) * other[i][j];
      }
    }
    return sum;
  }

  /**
   * About zero and not about their mean: the mean difference is the signal, and a PCA that
   * recentres takes it out and finds what is left. The sign is the mean's.
   */
  private double[] principalComponent() {
    Moments differences =
        pairs.orElseThrow(
            () ->
                Check.refusal(
                    "principal component", "paired differences", "none", "pair the classes"));
    double[] mean = differences.mean();
    double[] component = LeadingComponent.of(full(differences).secondMoment(), mean);
    double along = 0;
    for (int i = 0; i < mean.length; i++) {
      along += mean[i] * component[i];
    }
    if (along < 0) {
      for (int i = 0; i < mean.length; i++) {
        component[i] = -component[i];
      }
    }
    return component;
  }

  private static double[][] covariance(Moments moments) {
    return full(moments).covariance();
  }

  private static CovarianceAccumulator full(Moments moments) {
    if (moments instanceof CovarianceAccumulator covariances) {
      return covariances;
    }
    throw Check.refusal("statistics", "covariances", "the diagonal only", "collect them in full");
  }
}
