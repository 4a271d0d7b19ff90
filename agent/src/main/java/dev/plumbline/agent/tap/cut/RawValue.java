package dev.plumbline.agent.tap.cut;

import java.nio.charset.StandardCharsets;

/** Keeps a value's bytes, up to a bound. */
public final class RawValue implements ValueSink {
  private final int bound;
  private final Bytes bytes = new Bytes();
  private boolean overflown;

  /**
   * @param bound bytes kept at most; of a longer value none
   */
  public RawValue(int bound) {
    this.bound = bound;
  }

  @Override
  public void bytes(byte[] from, int at, int length) {
    overflown |= bytes.size() > bound - length;
    if (!overflown) {
      bytes.write(from, at, length);
    }
  }

  /** Whether the value was longer than the bound. */
  public boolean overflown() {
    return overflown;
  }

  /** The value as JSON text, copied; empty after an overflow. */
  public byte[] json() {
    return overflown ? new byte[0] : bytes.toByteArray();
  }

  /** The value if it is an integer from 0 to 2^31 − 1, else −1. */
  public int number() {
    String text = new String(json(), StandardCharsets.US_ASCII).trim();
    try {
      return Math.max(-1, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
