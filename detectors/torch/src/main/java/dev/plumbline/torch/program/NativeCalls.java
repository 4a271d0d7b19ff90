package dev.plumbline.torch.program;

import dev.plumbline.core.spi.ExitOrder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The long calls into libtorch, which the process must not end under. The JVM waits 0.3 s for
 * native code and then runs {@code exit}, which destroys what libtorch and oneDNN keep in static
 * storage; a pass that is still running then uses freed memory, and the process dies of SIGSEGV
 * instead of ending.
 *
 * <p>So at the end of the process, after {@linkplain ExitOrder what serves}, those that run are
 * waited for, and threads that come for another call wait for good. Thread-safe; a call may contain
 * others.
 */
public final class NativeCalls {
  private static final Logger LOG = LoggerFactory.getLogger(NativeCalls.class);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final NativeCalls PROCESS = new NativeCalls();

  static {
    ExitOrder.ofProcess().computing(() -> PROCESS.end(LONGEST));
  }

  private final ReentrantReadWriteLock running = new ReentrantReadWriteLock();

  NativeCalls() {}

  /** Makes a call that the end of the process waits for. */
  public static <T> T run(Supplier<T> call) {
    return PROCESS.make(call);
  }

  <T> T make(Supplier<T> call) {
    running.readLock().lock();
    try {
      return call.get();
    } finally {
      running.readLock().unlock();
    }
  }

  /** Whether somebody waits for the calls to end. */
  boolean isEnding() {
    return running.hasQueuedThreads();
  }

  /** Lets no call begin any more and waits for those that run; false if one takes longer. */
  boolean end(Duration longest) {
    try {
      if (running.writeLock().tryLock(longest.toNanos(), TimeUnit.NANOSECONDS)) {
        return true;
      }
      LOG.warn(
          "exit: wanted native calls to end within {} s, found one that runs; the process may end"
              + " with SIGSEGV",
          longest.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
