package dev.plumbline.agent.proxy;

import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Verdict;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How far the verdicts on a source's text have come, and how long its text waits for the next. Asks
 * again every few milliseconds while something is due, besides whenever bytes come. One event loop.
 */
final class Coverage {
  private static final long POLL_MILLIS = 5;

  /** OpenAI's own bound of {@code n}; text of further choices waits for the whole verdict. */
  private static final int MOST_CHOICES = 128;

  private final Vertx vertx;
  private final ScreenTimes times;
  private final Duration patience;
  private final Runnable again;
  private Following following;
  private int[] covered = new int[1];
  private long poll = -1;

  /**
   * @param patience how long text may wait for nothing but a verdict
   * @param again asked when verdicts may have come further
   */
  Coverage(Vertx vertx, ScreenTimes times, Duration patience, Runnable again) {
    this.vertx = vertx;
    this.times = times;
    this.patience = patience;
    this.again = again;
  }

  /**
   * Begins anew.
   *
   * @param following reads the source
   * @param kept units of the first choice's text that need no verdict any more
   */
  void begin(Following following, int kept) {
    this.following = following;
    covered = new int[] {kept};
  }

  /** Looks how far the verdicts have come; the first one that turns, if any does. */
  Optional<Reading> turn(Predicate<Reading> turns) {
    for (Following.Prefix prefix : following.prefixes()) {
      if (turns.test(prefix.reading())) {
        return Optional.of(prefix.reading());
      }
      if (prefix.reading().verdict() instanceof Verdict.Aligned) {
        cover(prefix.choice(), prefix.units());
      }
    }
    return Optional.empty();
  }

  private void cover(int choice, int units) {
    if (choice >= MOST_CHOICES) {
      return;
    }
    if (choice >= covered.length) {
      covered = Arrays.copyOf(covered, choice + 1);
    }
    covered[choice] = Math.max(covered[choice], units);
  }

  /** Units of each choice's text that were found aligned; read, not kept. */
  int[] units() {
    return covered;
  }

  /**
   * Waits, if something is due.
   *
   * @return false when it was waited for too long
   */
  boolean await(boolean due) {
    if (!due) {
      times.waitsForNothing();
      return true;
    }
    if (times.waited(patience)) {
      return false;
    }
    following.hurry();
    if (poll < 0) {
      poll = vertx.setTimer(POLL_MILLIS, fired -> again());
    }
    return true;
  }

  private void again() {
    poll = -1;
    again.run();
  }

  /** Asks no more by itself. */
  void stop() {
    if (poll >= 0) {
      vertx.cancelTimer(poll);
      poll = -1;
    }
  }
}
