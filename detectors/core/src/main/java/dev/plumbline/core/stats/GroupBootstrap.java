package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Percentile intervals by drawing whole groups, so that rows that belong together never count as
 * independent.
 *
 * @param draws 1 or more
 * @param confidence in (0, 1)
 * @param seed of the draws
 */
public record GroupBootstrap(int draws, double confidence, long seed) {

  public GroupBootstrap {
    Check.that(draws > 0, "bootstrap draws", "1 or more", draws, "raise it");
    Check.openUnit(confidence, "confidence");
  }

  /** 1,000 draws, 95 %. */
  public static GroupBootstrap of(long seed) {
    return new GroupBootstrap(1000, 0.95, seed);
  }

  /**
   * A figure of all groups, and its interval.
   *
   * @param groups how many, 2 or more
   * @param figure of how often each group was drawn {@code [groups]}; read, not kept; draws for
   *     which it is NaN are left out
   */
  public Estimate estimate(int groups, ToDoubleFunction<int[]> figure) {
    Check.that(groups > 1, "bootstrap", "2 or more groups", groups, "use data of more groups");
    return estimate(new int[] {groups}, drawn -> figure.applyAsDouble(drawn[0]));
  }

  /**
   * The same over several sets of groups, each drawn on its own.
   *
   * @param groups how many each set has
   * @param figure of how often each group of each set was drawn {@code [sets][groups]}
   */
  public Estimate estimate(int[] groups, ToDoubleFunction<int[][]> figure) {
    Random random = new Random(seed);
    double[] values = new double[draws];
    for (int i = 0; i < draws; i++) {
      values[i] =
          figure.applyAsDouble(
              Arrays.stream(groups).mapToObj(n -> drawn(n, random)).toArray(int[][]::new));
    }
    double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    int all = Arrays.stream(groups).sum();
    double value =
        figure.applyAsDouble(
            Arrays.stream(groups).mapToObj(GroupBootstrap::once).toArray(int[][]::new));
    if (sorted.length == 0) {
      return Estimate.of(value, all);
    }
    int cut = (int) Math.floor((1 - confidence) / 2 * sorted.length);
    double high = sorted[sorted.length - 1 - cut];
    return Estimate.of(value, new Interval(sorted[cut], high, confidence), all);
  }

  private static int[] once(int groups) {
    int[] once = new int[groups];
    Arrays.fill(once, 1);
    return once;
  }

  private static int[] drawn(int groups, Random random) {
    int[] drawn = new int[groups];
    for (int i = 0; i < groups; i++) {
      drawn[random.nextInt(groups)]++;
    }
    return drawn;
  }

  /** {@code Σ numerator / Σ denominator} over the drawn groups. */
  public static double ratio(int[] drawn, double[] numerator, double[] denominator) {
    double top = 0;
    double bottom = 0;
    for (int i = 0; i < drawn.length; i++) {
      top += drawn[i] * numerator[i];
      bottom += drawn[i] * denominator[i];
    }
    return top / bottom;
  }
}
