package dev.plumbline.learn.finetune;

/** A training fell apart; what was kept before is still good. */
public final class DivergedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  DivergedException(int step, String wanted, String found) {
    super(
        "training, step "
            + (step + 1)
            + ": wanted "
            + wanted
            + ", found "
            + found
            + "; lower the learning rate or lengthen the warm-up. Snapshots from before are kept.");
  }
}
