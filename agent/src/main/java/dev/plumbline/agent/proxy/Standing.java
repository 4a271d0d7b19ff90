package dev.plumbline.agent.proxy;

import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.UnscoredReason;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where a screened stream stands, and what is known of it. On one event loop. */
final class Standing {
  /** What it does. */
  enum Phase {
    /** A source speaks. */
    FOLLOWING,
    /** The last source has ended, and the verdict on the whole is awaited. */
    JUDGING,
    /** The model without the direction is asked to go on. */
    ASKING,
    OVER
  }

  private Phase phase = Phase.FOLLOWING;
  private Reading last = Reading.unscored(UnscoredReason.NO_HIDDEN_STATES);
  private Optional<Action> letGo = Optional.empty();
  private CompletableFuture<Reading> verdict;

  boolean is(Phase one) {
    return phase == one;
  }

  void now(Phase next) {
    phase = next;
  }

  Phase phase() {
    return phase;
  }

  /** What made it turn, or could not be read; what is said of it where nothing later is known. */
  Reading last() {
    return last;
  }

  void last(Reading found) {
    last = found;
  }

  /** Nothing waits for a verdict any more; what is then said of it. */
  Optional<Action> letGo() {
    return letGo;
  }

  void letGo(Action said) {
    letGo = Optional.of(said);
  }

  /** The one on the exchange; null before anything has ended. */
  CompletableFuture<Reading> verdict() {
    return verdict;
  }

  void verdict(CompletableFuture<Reading> one) {
    verdict = one;
  }
}
