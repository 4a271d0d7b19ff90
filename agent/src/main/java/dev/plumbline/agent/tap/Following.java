package dev.plumbline.agent.tap;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * One exchange that a tap reads while its answer passes, so that at its end little is left to read.
 * Its readings are those of {@link Tap#read} on the whole text: what was followed is held against
 * that text, and where the two differ, or a bound was met on the way, the whole text is read.
 *
 * <p>Threads: {@link #feed} and {@link #abandon} may be called on an event loop; they take the text
 * and return. One exchange's calls come one after the other. Every following is ended or abandoned;
 * both free what it holds at once.
 */
public interface Following {
  /**
   * What a choice says next; cut anywhere, also inside a character's surrogate pair.
   *
   * @param choice from 0
   */
  void feed(int choice, String text);

  /**
   * Who is told the highest score of a prefix as it goes: on the tap's own threads, never on the
   * caller's, the last time before the stage of {@link #end} completes. Call once, before {@link
   * #feed}; nobody is told by a following that knows none.
   */
  default void scores(DoubleConsumer told) {}

  /**
   * The worst choice's reading of what has been read so far, judged as a stream under way; behind
   * what was fed. {@code unscored(no_hidden_states)} before the first checkpoint. Any thread; does
   * not wait for the device.
   */
  Reading soFar();

  /**
   * How far each choice has been judged, by choice; behind what was fed, empty where nobody can
   * say. Any thread; does not wait for the device.
   */
  default List<Prefix> prefixes() {
    return List.of();
  }

  /**
   * Text waits for {@link #prefixes} to come further: what was fed is read as soon as it can be,
   * also where it would be cheaper to wait for more. Any thread; returns at once.
   */
  default void hurry() {}

  /**
   * The beginning of a choice's text that a reading covers.
   *
   * @param choice from 0
   * @param units of UTF-16, from the text's beginning; what was fed behind them is not judged yet
   * @param reading of that beginning, judged as a stream under way
   */
  record Prefix(int choice, int units, Reading reading) {
    public Prefix {
      Objects.requireNonNull(reading, "reading");
      if (choice < 0 || units < 0) {
        throw new IllegalArgumentException(
            "wanted a choice and units of at least 0, found " + choice + ", " + units);
      }
    }
  }

  /**
   * No more comes. On a scoring thread.
   *
   * @param whole the exchange as it was in the end, answers by choice
   * @param abandoned as for {@link Tap#read}
   */
  CompletionStage<Reading> end(ExchangeText whole, BooleanSupplier abandoned);

  /**
   * Nobody wants a reading any more, also one asked for by {@link #end}: frees what it holds.
   * Harmless once that is there, and when repeated.
   */
  void abandon();
}
