package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.learn.statistics.Estimation;
import dev.plumbline.learn.statistics.Estimator;
import dev.plumbline.learn.statistics.Weighting;

/**
 * How directions are made of contrasts.
 *
 * @param estimator what is computed
 * @param weighting what counts once
 * @param paired whether differences are taken within a prompt (within an answer, where a finetune
 *     and its base read the same one): what a prompt's answers share then cancels
 * @param ridge of the whitened and the logistic estimator
 */
public record LearnSettings(
    Estimator estimator, Weighting weighting, boolean paired, double ridge) {
  /** Published: differences of means over tokens. */
  public static final LearnSettings DEFAULT =
      new LearnSettings(Estimator.MEAN_DIFFERENCE, Weighting.TOKENS, false, Estimation.RIDGE);

  public LearnSettings {
    Check.that(
        paired || !estimator.pairs(),
        "estimator " + estimator.wireName(),
        "paired classes",
        "unpaired ones",
        "pair them");
    Check.that(
        !paired || estimator != Estimator.LOGISTIC,
        "estimator logistic",
        "unpaired classes",
        "paired ones",
        "leave the pairing out");
    Check.that(ridge >= 0, "ridge", "0 or more", ridge, "raise it");
  }

  /** The published settings with another weighting. */
  public static LearnSettings of(Weighting weighting) {
    return new LearnSettings(Estimator.MEAN_DIFFERENCE, weighting, false, Estimation.RIDGE);
  }

  /** The estimator's name in provenance, such as {@code whitened_labels, paired, ridge 0.001}. */
  String describe(Contrast contrast) {
    String of = contrast.estimator().replaceFirst("^mean_difference", estimator.wireName());
    boolean ridged = estimator == Estimator.WHITENED || estimator == Estimator.LOGISTIC;
    return of + (paired ? ", paired" : "") + (ridged ? ", ridge " + ridge : "");
  }
}
