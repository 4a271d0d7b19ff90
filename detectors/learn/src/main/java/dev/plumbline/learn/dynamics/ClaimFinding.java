package dev.plumbline.learn.dynamics;

import dev.plumbline.core.stats.Estimate;
import java.util.Optional;

/**
 * What a series showed about one claim of the paper, by a fixed rule.
 *
 * @param claim its fixed id
 * @param figure with its interval; empty if it could not be measured
 * @param control what the figure is held against; NaN where there is none
 * @param agrees whether the rule holds; never where nothing was measured
 * @param rule in words
 * @param note what lies behind the number, or why there is none
 */
public record ClaimFinding(
    String claim,
    Optional<Estimate> figure,
    double control,
    boolean agrees,
    String rule,
    String note) {
  public ClaimFinding {
    if (agrees && figure.isEmpty()) {
      throw new IllegalArgumentException(
          "claim " + claim + ": wanted a figure where it agrees, found none; report it unmeasured");
    }
  }

  static ClaimFinding unmeasured(String claim, String rule, String why) {
    return new ClaimFinding(claim, Optional.empty(), Double.NaN, false, rule, why);
  }
}
