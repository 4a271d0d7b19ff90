package dev.plumbline.torch.serve;

/**
 * Tokens a pass may take, padding included: the configured bound, halved by each pass that did not
 * fit in memory, doubled again after {@link #GOOD_PASSES} that did. One thread; {@link #tokens}
 * any.
 */
final class BatchLimit {
  /** Passes without a failure before more is tried. */
  static final int GOOD_PASSES = 16;

  /** No less: a pass over fewer tokens loads all weights for little. */
  static final int LEAST = 256;

  private final int bound;
  private volatile int tokens;
  private int good;

  BatchLimit(int bound) {
    this.bound = bound;
    this.tokens = bound;
  }

  int bound() {
    return bound;
  }

  int tokens() {
    return tokens;
  }

  /** A pass over so many tokens did not fit. One text over the limit says nothing of batches. */
  void tooMuch(int found) {
    good = 0;
    if (found <= tokens) {
      tokens = Math.max(Math.min(LEAST, bound), found / 2);
    }
  }

  /**
   * A pass fitted.
   *
   * @return whether the limit has grown
   */
  boolean good() {
    if (tokens == bound || ++good < GOOD_PASSES) {
      return false;
    }
    good = 0;
    tokens = (int) Math.min(bound, 2L * tokens);
    return true;
  }
}
