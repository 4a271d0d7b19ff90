package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.SseFrames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Events of an answer that wait for a verdict, in their order. What goes out always ends with an
 * event that brought text: what follows the last text waits for the end. On one event loop.
 */
final class HeldFrames {
  /**
   * An event.
   *
   * @param frame as it goes out
   * @param chunk its JSON, missing where it has none
   * @param marks how long each choice's text is with it, in UTF-16 units
   * @param tokens in the answer with it
   * @param ids of the answer with it, by its source's {@code TokenTrail}
   * @param text whether it brought text
   * @param seam whether the answer may be taken up after it: not within whitespace or a character
   */
  record Held(
      SseFrames.Frame frame,
      JsonNode chunk,
      int[] marks,
      int tokens,
      int ids,
      boolean text,
      boolean seam) {}

  private final Deque<Held> frames = new ArrayDeque<>();
  private int bytes;
  private int tokens;

  void add(Held held) {
    frames.add(held);
    bytes += held.frame().raw().length;
    tokens = Math.max(tokens, held.tokens());
  }

  int bytes() {
    return bytes;
  }

  /**
   * Takes out what may go.
   *
   * @param covered units of each choice's text that were judged and found aligned
   * @param window tokens at the end that stay
   */
  List<Held> release(int[] covered, int window) {
    int count = 0;
    int at = 0;
    for (Held held : frames) {
      at++;
      if (!held.text()) {
        continue;
      }
      if (tokens - held.tokens() < window || !covers(covered, held.marks())) {
        break;
      }
      count = held.seam() ? at : count;
    }
    return take(count);
  }

  /** Whether text outside the window waits for nothing but a verdict. */
  boolean due(int[] covered, int window) {
    Iterator<Held> last = frames.descendingIterator();
    while (last.hasNext()) {
      Held held = last.next();
      if (held.text() && tokens - held.tokens() >= window) {
        return !covers(covered, held.marks());
      }
    }
    return false;
  }

  private static boolean covers(int[] covered, int[] marks) {
    for (int i = 0; i < marks.length; i++) {
      if (marks[i] > (i < covered.length ? covered[i] : 0)) {
        return false;
      }
    }
    return true;
  }

  /** Takes out all. */
  List<Held> takeAll() {
    return take(frames.size());
  }

  private List<Held> take(int count) {
    List<Held> taken = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Held held = frames.poll();
      bytes -= held.frame().raw().length;
      taken.add(held);
    }
    return taken;
  }
}
