package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Percentile intervals by drawing whole groups (Efron 1979), so that rows that belong together
 * never count as independent: answers to one question drawn one by one, as a binomial interval
 * would have it, make it too narrow. For figures of labelled scores there is {@link
 * PromptBootstrap}; where the same draws must serve many figures, {@link UnitBootstrap}.
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
    double[] taken = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
    int all = Arrays.stream(groups).sum();
    double value =
        figure.applyAsDouble(
            Arrays.stream(groups).mapToObj(GroupBootstrap::once).toArray(int[][]::new));
    return taken.length == 0
        ? Estimate.of(value, all)
        : Estimate.of(value, Interval.percentiles(taken, confidence), all);
  }

  /**
   * The ratio of sums over groups, Σ top / Σ bottom, such as answers of a kind over answers.
   *
   * @param top by group, two or more
   * @param bottom by group, 0 or more, not all 0; draws of empty groups alone are left out
   */
  public Estimate ratio(double[] top, double[] bottom) {
    Check.size(top.length, bottom.length, "groups");
    Check.positive(Arrays.stream(bottom).sum(), "sum over groups");
    return estimate(top.length, drawn -> ratio(drawn, top, bottom));
  }

  /** The mean of two values or more, each its own group: items, or paired differences. */
  public Estimate mean(double[] values) {
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    return ratio(values, ones);
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
