package dev.plumbline.agent.enforce;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.time.Clock;
import java.time.Instant;

/**
 * Turns the agent in front of an origin into a plain proxy and back, at once for every new request:
 * nothing is looked at, no mode is acted on, each exchange is {@code unscored(off)}. What is under
 * way ends as it began. Thread-safe.
 */
public final class KillSwitch {
  /**
   * @param off whether the agent is a plain proxy
   * @param since when it became so, or when the agent started
   */
  public record State(boolean off, Instant since) {
    /** The word in JSON. */
    public String wireName() {
      return off ? "off" : "on";
    }
  }

  private final Meters meters;
  private final Clock clock;
  private volatile State state;

  /**
   * @param off how it starts
   */
  public KillSwitch(Meters meters, Clock clock, boolean off) {
    this.meters = meters;
    this.clock = clock;
    this.state = new State(off, clock.instant());
    meters.gauge(Meter.OFF, () -> off() ? 1 : 0);
  }

  public boolean off() {
    return state.off();
  }

  public State state() {
    return state;
  }

  /** Turns it; nothing happens, and nothing is counted, when it is so already. */
  public synchronized State turn(boolean off) {
    if (state.off() != off) {
      state = new State(off, clock.instant());
      meters.count(Meter.SWITCHED, state.wireName());
    }
    return state;
  }
}
