package dev.plumbline.core.spi;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What is done when this process ends: what serves finishes first, then what computes stops. Hooks
 * of the JVM run all at once, and answers in flight need what computes until they are done.
 *
 * <p>Thread-safe. Each action has a deadline of its own; what one throws goes to the thread's
 * handler, and the others have their turn.
 */
public final class ExitOrder {
  private static final ExitOrder PROCESS = new ExitOrder();

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(PROCESS::run, "plumbline-exit"));
    } catch (IllegalStateException e) {
      // The process is ending already: nothing that is registered now will run.
    }
  }

  private final List<Runnable> serving = new CopyOnWriteArrayList<>();
  private final List<Runnable> computing = new CopyOnWriteArrayList<>();

  ExitOrder() {}

  /** The order in which this process ends. */
  public static ExitOrder ofProcess() {
    return PROCESS;
  }

  /** Runs {@code finish} at the end, before all that {@linkplain #computing computes}. */
  public void serving(Runnable finish) {
    serving.add(finish);
  }

  /** Runs {@code stop} when all that {@linkplain #serving serves} has finished. */
  public void computing(Runnable stop) {
    computing.add(stop);
  }

  void run() {
    serving.forEach(ExitOrder::attempt);
    computing.forEach(ExitOrder::attempt);
  }

  private static void attempt(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
