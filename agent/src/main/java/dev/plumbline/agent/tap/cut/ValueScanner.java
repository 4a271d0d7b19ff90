package dev.plumbline.agent.tap.cut;

/** Finds the end of one JSON value in bytes that come in pieces. */
final class ValueScanner {
  private int depth;
  private boolean started;
  private boolean scalar;
  private boolean inString;
  private boolean escaped;
  private boolean over;

  /**
   * Takes bytes from {@code at} on.
   *
   * @return the first index that is not part of the value, or {@code to}
   */
  int scan(byte[] bytes, int at, int to) {
    int i = at;
    while (i < to && !over) {
      byte b = bytes[i];
      if (scalar && endsScalar(b)) {
        over = true;
        break;
      }
      step(b);
      i++;
    }
    return i;
  }

  /** Whether the value is complete. */
  boolean over() {
    return over;
  }

  private void step(byte b) {
    if (inString) {
      stepInString(b);
    } else if (b == '"') {
      inString = true;
      started = true;
    } else if (b == '{' || b == '[') {
      depth++;
      started = true;
    } else if (b == '}' || b == ']') {
      over = --depth <= 0;
    } else if (!started && !MemberCutter.space(b)) {
      scalar = true;
      started = true;
    }
  }

  private void stepInString(byte b) {
    if (escaped) {
      escaped = false;
    } else if (b == '\\') {
      escaped = true;
    } else if (b == '"') {
      inString = false;
      over = depth == 0;
    }
  }

  private static boolean endsScalar(byte b) {
    return b == ',' || b == '}' || b == ']' || MemberCutter.space(b);
  }
}
