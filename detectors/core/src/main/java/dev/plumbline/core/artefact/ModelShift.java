package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;

/**
 * The baseline of {@code model_shift}: have these <em>weights</em> moved along the direction? Never
 * mixed with the score, which asks about one answer.
 *
 * @param tapPoint where the serving model's own states are projected on the editing direction
 * @param alignedMean mean of the pooled projection over aligned traffic
 * @param alignedSpread standard deviation between pools of aligned traffic
 * @param exchangesPerPool exchanges averaged into one pool; the spread holds for that many
 */
public record ModelShift(
    TapPoint tapPoint, double alignedMean, double alignedSpread, int exchangesPerPool) {

  public ModelShift {
    Check.finite(alignedMean, "model shift mean");
    Check.positive(alignedSpread, "model shift spread");
    Check.that(
        exchangesPerPool > 0, "exchanges per pool", "1 or more", exchangesPerPool, "raise it");
  }

  /** Standard deviations between one pool's mean projection and the aligned baseline. */
  public double z(double pooledProjection) {
    return (pooledProjection - alignedMean) / alignedSpread;
  }
}
