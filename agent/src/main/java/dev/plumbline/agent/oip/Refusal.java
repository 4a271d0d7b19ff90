package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.core.score.UnscoredReason;

/** A call that is not answered: what its sender is told, and what its verdict says. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final OipFault fault;
  private final UnscoredReason reason;

  Refusal(OipFault fault, UnscoredReason reason, String message) {
    super(message, null, false, false);
    this.fault = fault;
    this.reason = reason;
  }

  /** A call that cannot be understood. */
  static Refusal invalid(String message) {
    return new Refusal(OipFault.INVALID, UnscoredReason.UNPARSEABLE, message);
  }

  static Refusal of(Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return refusal;
    }
    if (failure instanceof OipException known) {
      return new Refusal(known.fault(), UnscoredReason.UNPARSEABLE, known.getMessage());
    }
    return new Refusal(
        OipFault.FAILED,
        UnscoredReason.DEVICE_ERROR,
        "wanted an answer, found a failure; see the log");
  }

  OipFault fault() {
    return fault;
  }

  UnscoredReason reason() {
    return reason;
  }
}
