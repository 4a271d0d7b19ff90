package dev.plumbline.agent;

import dev.plumbline.agent.embedded.Engines;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Engines that take nothing new and are freed once their exchanges have ended. Thread-safe. */
final class Retiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retiring.class);
  private static final long LOOK_MILLIS = 50;

  /** Longer than any exchange that makes progress. */
  private static final long MOST_MILLIS = 15 * 60_000;

  private final AtomicReference<Engines.Loaded> old = new AtomicReference<>();
  private volatile Thread waiting;

  /** Begins to wait; there must be nobody waited for. */
  void begin(Engines.Loaded engines, IntSupplier unsettled) {
    old.set(engines);
    Thread thread = new Thread(() -> run(unsettled), "plumbline-retire");
    thread.setDaemon(true);
    waiting = thread;
    thread.start();
  }

  private void run(IntSupplier unsettled) {
    try {
      for (long waited = 0;
          unsettled.getAsInt() > 0 && waited < MOST_MILLIS;
          waited += LOOK_MILLIS) {
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  /** Waits until nobody is waited for: two generations at most share the memory. */
  void await() {
    Thread thread = waiting;
    try {
      if (thread != null) {
        thread.join(MOST_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the engines before were still in use", e);
    }
  }

  @Override
  public void close() {
    Engines.Loaded engines = old.getAndSet(null);
    if (engines != null) {
      engines.close();
      LOG.info("the engines of the direction before are freed");
    }
  }
}
