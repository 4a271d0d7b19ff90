package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.ModeSettings;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.core.score.UnscoredReason;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of an answer that needs a verdict and has none. Every use is counted with its
 * reason; closing what has gone out already is not possible, which is said and counted too.
 */
final class FailPolicy {
  /** The reason beside those of {@link UnscoredReason}. */
  static final String RESCUE_FAILED = "rescue_failed";

  private final Meters meters;

  FailPolicy(Meters meters) {
    this.meters = meters;
  }

  /**
   * The policy of these modes. What their rules may come to is counted from 0 on: a counter that
   * begins at 1 has not risen to Prometheus, and the first answer that went out is an alarm.
   */
  static FailPolicy of(ModeSettings modes, Meters meters) {
    FailPolicy policy = new FailPolicy(meters);
    Set<Fail> rules = EnumSet.of(modes.fail());
    rules.addAll(modes.failPerModel().values());
    rules.forEach(policy::begin);
    return policy;
  }

  private void begin(Fail fail) {
    for (UnscoredReason reason : UnscoredReason.values()) {
      begin(fail, "applied", reason.wireName());
      if (fail == Fail.CLOSED) {
        begin(fail, "not_applied", reason.wireName());
      }
    }
    begin(fail, "applied", RESCUE_FAILED);
  }

  private void begin(Fail fail, String result, String reason) {
    meters.count(Meter.FAIL_USES, 0, fail.wireName(), result, reason);
  }

  /**
   * What to tell of a reading.
   *
   * @param held nothing of the answer has gone out
   */
  Telling tell(Reading reading, Action action, Fail fail, boolean held) {
    Annotation annotation = new Annotation(reading, action);
    if (reading.reason().isEmpty()) {
      return Telling.of(annotation);
    }
    return use(reading.reason().get(), annotation, fail, held);
  }

  /**
   * What to tell of an answer out of which the direction should have been taken and was not,
   * whatever its verdict.
   */
  Telling notAblated(Reading reading, Fail fail, boolean held) {
    UnscoredReason reason = reading.reason().orElse(UnscoredReason.NO_HIDDEN_STATES);
    return use(reason, new Annotation(reading, Action.NOT_APPLIED), fail, held);
  }

  private Telling use(UnscoredReason reason, Annotation annotation, Fail fail, boolean held) {
    boolean applied = fail == Fail.OPEN || held;
    meters.count(
        Meter.FAIL_USES, fail.wireName(), applied ? "applied" : "not_applied", reason.wireName());
    if (fail == Fail.OPEN) {
      return Telling.of(annotation);
    }
    return held
        ? new Telling(annotation, Optional.of(withheld(reason)))
        : Telling.of(annotation.failedToClose());
  }

  private static WireError withheld(UnscoredReason reason) {
    return WireError.of(
        ErrorKind.WITHHELD,
        "The answer is kept back: wanted a verdict, found unscored("
            + reason.wireName()
            + "), and this model fails closed (models.NAME.fail). Try again.");
  }
}
