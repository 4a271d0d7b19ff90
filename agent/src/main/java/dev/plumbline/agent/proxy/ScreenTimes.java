package dev.plumbline.agent.proxy;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.time.Duration;

/** How long holding and rescuing take, for the meters and for the deadlines. One event loop. */
final class ScreenTimes {
  private static final long NEVER = -1;

  private final Meters meters;
  private final String model;
  private long firstText = NEVER;
  private long turned = NEVER;
  private long waitingSince = NEVER;
  private boolean released;
  private boolean continued;

  ScreenTimes(Meters meters, String model) {
    this.meters = meters;
    this.model = model;
  }

  /** Text came. */
  void text() {
    if (firstText == NEVER) {
      firstText = System.nanoTime();
    }
  }

  /**
   * Text went out.
   *
   * @param further of a source after the first
   */
  void released(boolean further) {
    waitsForNothing();
    if (!released && firstText != NEVER) {
      meters.time(Meter.HOLD_DURATION, since(firstText), model);
    }
    released = true;
    if (further && turned != NEVER) {
      meters.time(Meter.RESCUE_DURATION, since(turned), model);
      turned = NEVER;
    }
    continued |= further;
  }

  /** The answer turned, or broke off. */
  void turned() {
    turned = turned == NEVER ? System.nanoTime() : turned;
    waitsForNothing();
  }

  /** Whether text of a source after the first has gone out. */
  boolean continued() {
    return continued;
  }

  /** Text waits for nothing but a verdict; whether it has for longer than it may. */
  boolean waited(Duration patience) {
    if (waitingSince == NEVER) {
      waitingSince = System.nanoTime();
    }
    return since(waitingSince).compareTo(patience) > 0;
  }

  void waitsForNothing() {
    waitingSince = NEVER;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
