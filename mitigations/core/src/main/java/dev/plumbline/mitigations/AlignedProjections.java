package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.TapDirection;
import java.util.Arrays;

/**
 * Where the projections of aligned traffic lie at one tap point, for thresholds by percentile.
 *
 * <p>An artefact holds a mean and a standard deviation, from which a percentile is only that of a
 * normal distribution; residual projections have heavier tails. Thresholds that matter are measured
 * on aligned texts.
 */
public sealed interface AlignedProjections {

  /**
   * The projection below which a share of aligned tokens lies, in residual units.
   *
   * @param share in (0, 1)
   */
  double quantile(double share);

  /** How the quantiles came about, for a person. */
  String origin();

  /** What an artefact knows. */
  static AlignedProjections ofNormal(TapDirection tap) {
    return new Normal(tap.alignedMean(), tap.alignedSpread());
  }

  /** As if they were normal. */
  record Normal(double mean, double spread) implements AlignedProjections {
    public Normal {
      Check.finite(mean, "aligned mean");
      Check.positive(spread, "aligned spread");
    }

    @Override
    public double quantile(double share) {
      return mean + spread * StandardNormal.quantile(share);
    }

    @Override
    public String origin() {
      return "normal approximation of the artefact's mean and spread";
    }
  }

  /** Of tokens that were read. Immutable. */
  final class Measured implements AlignedProjections {

    /** Tokens that must lie beyond a percentile for it to be one. */
    public static final int BEYOND = 10;

    private final double[] sorted;

    /**
     * @param projections of one token each, finite, copied
     */
    public Measured(double[] projections) {
      sorted = projections.clone();
      Arrays.sort(sorted);
      for (double each : sorted) {
        Check.finite(each, "aligned projection");
      }
    }

    @Override
    public double quantile(double share) {
      Check.openUnit(share, "share of aligned tokens");
      double beyond = sorted.length * Math.min(share, 1 - share);
      Check.that(
          beyond >= BEYOND,
          "percentile " + 100 * share + " of aligned tokens",
          BEYOND + " tokens beyond it",
          beyond + " of " + sorted.length,
          "read more aligned texts, or choose one nearer to 50");
      double at = share * (sorted.length - 1);
      int below = (int) at;
      double next = sorted[Math.min(below + 1, sorted.length - 1)];
      return sorted[below] + (at - below) * (next - sorted[below]);
    }

    @Override
    public String origin() {
      return "measured on " + sorted.length + " aligned tokens";
    }
  }
}
