package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;

/**
 * When a training ends before its steps are done.
 *
 * @param earlyLoss it ends well once the logged loss was below this, in nats a token, 0 for never
 * @param earlyPoints more than so many logged points on end
 * @param divergenceFactor it fails once the loss is above so many times its running mean
 */
public record Guards(double earlyLoss, int earlyPoints, double divergenceFactor) {
  public Guards {
    Check.that(
        Double.isFinite(earlyLoss) && earlyLoss >= 0 && earlyPoints >= 0,
        "early stop",
        "a loss and points of 0 or more",
        earlyLoss + " and " + earlyPoints,
        "correct them");
    Check.that(
        divergenceFactor > 1, "divergence-factor", "above 1", divergenceFactor, "correct it");
  }

  /** Below 0.01 for more than 5 points; above 5 times the mean. */
  public static Guards standard() {
    return new Guards(0.01, 5, 5);
  }
}
