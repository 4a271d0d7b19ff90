package dev.plumbline.agent.fleet;

/** Something from outside that is not read any further. */
final class WireRefusal extends RuntimeException {
  private final Refusal refusal;

  WireRefusal(Refusal refusal) {
    super(refusal.wireName(), null, false, false);
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
