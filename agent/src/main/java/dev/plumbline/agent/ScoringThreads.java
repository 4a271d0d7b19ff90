package dev.plumbline.agent;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

/** Threads for parsing and scoring what has passed; their queue is bounded by the desk. */
final class ScoringThreads implements AutoCloseable {
  private final ExecutorService workers = Executors.newSingleThreadExecutor(named("scoring"));
  private final ScheduledThreadPoolExecutor scheduler =
      new ScheduledThreadPoolExecutor(1, named("deadlines"));

  ScoringThreads() {
    scheduler.setRemoveOnCancelPolicy(true);
  }

  ExecutorService workers() {
    return workers;
  }

  ScheduledThreadPoolExecutor scheduler() {
    return scheduler;
  }

  @Override
  public void close() {
    workers.shutdownNow();
    scheduler.shutdownNow();
  }

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, "plumbline-" + name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
