package dev.plumbline.learn.reproduce;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Estimate;

/**
 * What one seed's organism showed about a claim.
 *
 * @param claim its id
 * @param figure the measured number; NaN if it could not be measured, the note says why
 * @param low lower end of its 95 % interval
 * @param high upper end
 * @param control the control's number; NaN if there is none
 * @param agrees whether the claim's rule holds
 * @param note in one sentence, what lies behind the number
 */
public record Finding(
    String claim,
    double figure,
    double low,
    double high,
    double control,
    boolean agrees,
    String note) {
  public Finding {
    Check.text(claim, "claim of a finding");
    Check.that(
        !agrees || Double.isFinite(figure),
        "finding " + claim,
        "a figure where it agrees",
        figure,
        "an unmeasured claim does not agree");
  }

  /** A figure with the interval it carries. */
  public static Finding of(
      String claim, Estimate figure, double control, boolean agrees, String note) {
    return new Finding(claim, figure.value(), figure.low(), figure.high(), control, agrees, note);
  }

  /** A claim that could not be measured: never an agreement. */
  public static Finding unmeasured(String claim, String why) {
    double none = Double.NaN;
    return new Finding(claim, none, none, none, none, false, "not measured: " + why);
  }

  /** Whether there is a figure. */
  public boolean measured() {
    return Double.isFinite(figure);
  }
}
