package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Percentile intervals of any figure over units that are drawn whole: texts, documents, seeds. The
 * same draws serve every figure, so that the difference of two of them is a paired one.
 *
 * <p>Immutable; thread-safe.
 */
public final class UnitBootstrap {
  private static final double CONFIDENCE = 0.95;

  private final int units;
  private final int[][] draws;

  /**
   * @param units how many there are, 1 or more
   * @param draws how often they are drawn again, 1 or more
   */
  public UnitBootstrap(int units, int draws, long seed) {
    Check.that(units > 0, "units of a bootstrap", "1 or more", units, "give some");
    Check.that(draws > 0, "bootstrap draws", "1 or more", draws, "raise it");
    this.units = units;
    Random random = new Random(seed);
    this.draws = new int[draws][];
    Arrays.setAll(this.draws, i -> random.ints(units, 0, units).toArray());
  }

  /**
   * A figure with its interval of 95 %.
   *
   * @param figure of a choice of units, by number, some more than once; finite
   */
  public Estimate estimate(ToDoubleFunction<int[]> figure) {
    double value = figure.applyAsDouble(IntStream.range(0, units).toArray());
    double[] drawn = Arrays.stream(draws).mapToDouble(figure).toArray();
    Interval own = Interval.percentiles(drawn, CONFIDENCE);
    double low = Math.min(value, own.low());
    double high = Math.max(value, own.high());
    return Estimate.of(value, new Interval(low, high, CONFIDENCE), units);
  }
}
