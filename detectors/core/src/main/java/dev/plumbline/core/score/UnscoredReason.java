package dev.plumbline.core.score;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Locale;

/** Why an exchange has no score. Closed: dashboards and alerts list exactly these. */
public enum UnscoredReason {
  /** The tap gave nothing, or the answer has no token that went through a forward pass. */
  NO_HIDDEN_STATES,
  /** The scoring queue was full. */
  QUEUE_FULL,
  /** Scoring took longer than the exchange may wait. */
  DEADLINE_PASSED,
  /** Sampling left it out. */
  SAMPLED_OUT,
  /** The artefact does not fit the model that answered. */
  WRONG_MODEL,
  /** The request or the answer could not be read. */
  UNPARSEABLE,
  /** Prompt and answer exceed what the reader takes. */
  TOO_LONG,
  /** The tap failed. */
  TAP_ERROR,
  /** The device failed, or gave NaN. */
  DEVICE_ERROR,
  /** Scoring is off for this route. */
  OFF;

  /** The name in metrics and events, such as {@code no_hidden_states}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reason of a wire name. */
  public static UnscoredReason parse(String wireName) {
    return Arrays.stream(values())
        .filter(reason -> reason.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(
            () ->
                Check.refusal(
                    "unscored reason",
                    "one of " + Arrays.stream(values()).map(UnscoredReason::wireName).toList(),
                    "'" + wireName + "'",
                    "correct the name"));
  }
}
