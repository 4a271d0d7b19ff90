package dev.plumbline.agent.proxy;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.util.concurrent.atomic.AtomicInteger;

/** How many passages are under way: what is left after all have ended is a leak. Thread-safe. */
public final class Passages {
  private final AtomicInteger open = new AtomicInteger();

  public Passages(Meters meters) {
    meters.gauge(Meter.PASSAGES_OPEN, open::get);
  }

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }
}
