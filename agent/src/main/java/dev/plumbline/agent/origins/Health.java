package dev.plumbline.agent.origins;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How one origin is, by its traffic and, where it is asked, by its health path. It takes {@value
 * #FAILURES} failures in a row to be unhealthy and {@value #SUCCESSES} successes in a row to be
 * healthy again, so that one lost packet moves nothing. In between it is tried after waits that
 * double, from {@link #FIRST_WAIT} to {@link #LONGEST_WAIT}. An origin that nobody has heard of yet
 * is healthy. Thread-safe; a success of a healthy origin takes no lock.
 */
public final class Health {
  /** What an origin is. */
  public enum State {
    HEALTHY,
    UNHEALTHY;

    /** The word in JSON and in labels. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is known.
   *
   * @param since when it became so, or when the agent started
   * @param lastError of the last failure, which may be long ago
   * @param lastErrorAt when that was
   */
  public record Known(
      State state, Instant since, Optional<String> lastError, Optional<Instant> lastErrorAt) {}

  /** One turn, for the log and the counters. */
  record Turn(State to, String why) {}

  static final int FAILURES = 3;
  static final int SUCCESSES = 2;
  static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Clock clock;
  private final LongSupplier nanos;
  private final Consumer<Turn> turns;
  private volatile Known known;
  private volatile int failures;
  private int successes;
  private int rounds;
  private long nextTry;

  /**
   * @param nanos as {@link System#nanoTime}
   * @param turns told of each turn, while the lock is held; must be quick
   */
  Health(Clock clock, LongSupplier nanos, Consumer<Turn> turns) {
    this.clock = clock;
    this.nanos = nanos;
    this.turns = Objects.requireNonNull(turns, "turns");
    this.known = new Known(State.HEALTHY, clock.instant(), Optional.empty(), Optional.empty());
  }

  public Known known() {
    return known;
  }

  public boolean healthy() {
    return known.state() == State.HEALTHY;
  }

  /** It has answered as one that works does. */
  public void succeeded() {
    if (healthy() && failures == 0) {
      return;
    }
    synchronized (this) {
      failures = 0;
      rounds = 0;
      nextTry = nanos.getAsLong();
      if (!healthy() && ++successes >= SUCCESSES) {
        turn(State.HEALTHY, SUCCESSES + " answers in a row");
      }
    }
  }

  /**
   * It could not be reached, or answered as one that does not work does.
   *
   * @param why for a person; may hold the origin's words, so it is cut and made one plain line
   */
  public synchronized void failed(String why) {
    String said = ServerFacts.clean(why);
    known =
        new Known(known.state(), known.since(), Optional.of(said), Optional.of(clock.instant()));
    successes = 0;
    failures++;
    if (!healthy()) {
      rest();
    } else if (failures >= FAILURES) {
      rounds = 0;
      rest();
      turn(State.UNHEALTHY, said);
    }
  }

  /** Whether an unhealthy one may be tried now; whoever is told so tries, and others wait anew. */
  public synchronized boolean claimTry() {
    boolean due = !healthy() && nanos.getAsLong() - nextTry >= 0;
    if (due) {
      nextTry = nanos.getAsLong() + waiting().toNanos();
    }
    return due;
  }

  /** How long until the next question to it: the wait that doubles while it is unhealthy. */
  public synchronized Duration nextIn(Duration whenHealthy) {
    return healthy() ? whenHealthy : waiting();
  }

  private void rest() {
    nextTry = nanos.getAsLong() + waiting().toNanos();
    rounds++;
  }

  private Duration waiting() {
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(rounds, 10));
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  private void turn(State to, String why) {
    successes = 0;
    known = new Known(to, clock.instant(), known.lastError(), known.lastErrorAt());
    turns.accept(new Turn(to, why));
  }
}
