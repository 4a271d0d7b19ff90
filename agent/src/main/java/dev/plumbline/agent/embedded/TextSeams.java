package dev.plumbline.agent.embedded;

import java.util.Arrays;

/**
 * Which text the first tokens of a growing text make up: a mark each time tokens became certain.
 * Thread-safe.
 */
final class TextSeams {
  private int[] tokens = new int[16];
  private int[] units = new int[16];
  private int marks;

  /**
   * So many tokens make up so much of the text; neither is ever less than before.
   *
   * @param count tokens
   * @param length UTF-16 units
   */
  synchronized void add(int count, int length) {
    if (marks > 0 && tokens[marks - 1] == count) {
      return;
    }
    if (marks == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * marks);
      units = Arrays.copyOf(units, 2 * marks);
    }
    tokens[marks] = count;
    units[marks++] = length;
  }

  /** The longest text known to be made up by the first {@code count} tokens or fewer. */
  synchronized int units(int count) {
    int at = Arrays.binarySearch(tokens, 0, marks, count);
    int last = at >= 0 ? at : -at - 2;
    return last < 0 ? 0 : units[last];
  }
}
