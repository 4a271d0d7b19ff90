package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Random;

/**
 * A ratio of sums over clusters, Σ top / Σ bottom, with a percentile interval from drawing whole
 * clusters again (Efron 1979). Answers to one question are alike: drawn one by one, as a binomial
 * interval would have it, they make the interval too narrow.
 *
 * <p>The mean of paired differences is the case where each item is its own cluster and all bottoms
 * are 1.
 */
public final class ClusterBootstrap {
  private ClusterBootstrap() {}

  /**
   * The ratio with its interval; its count is the number of clusters.
   *
   * @param top by cluster
   * @param bottom by cluster, 0 or more, not all 0
   * @param draws how often all clusters are drawn with replacement
   * @param confidence of the interval, in (0, 1)
   * @param seed of the draws
   */
  public static Estimate ratio(
      double[] top, double[] bottom, int draws, double confidence, long seed) {
    Check.size(top.length, bottom.length, "clusters");
    Check.that(top.length > 1, "clusters", "2 or more", top.length, "add some");
    Check.that(draws > 0, "bootstrap draws", "1 or more", draws, "raise it");
    double all = Arrays.stream(bottom).sum();
    Check.positive(all, "sum over clusters");
    double[] ratios = draws(top, bottom, draws, new Random(seed));
    Arrays.sort(ratios);
    Check.openUnit(confidence, "confidence");
    int cut = (int) Math.floor((1 - confidence) / 2 * ratios.length);
    Interval interval = new Interval(ratios[cut], ratios[ratios.length - 1 - cut], confidence);
    return Estimate.of(Arrays.stream(top).sum() / all, interval, top.length);
  }

  /** The mean of values, each its own cluster. */
  public static Estimate mean(double[] values, int draws, double confidence, long seed) {
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    return ratio(values, ones, draws, confidence, seed);
  }

  private static double[] draws(double[] top, double[] bottom, int draws, Random random) {
    double[] ratios = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      double over = 0;
      double under = 0;
      // A draw of empty clusters alone says nothing; it is drawn again.
      while (under == 0) {
        over = 0;
        for (int i = 0; i < top.length; i++) {
          int cluster = random.nextInt(top.length);
          over += top[cluster];
          under += bottom[cluster];
        }
      }
      ratios[draw] = over / under;
    }
    return ratios;
  }
}
