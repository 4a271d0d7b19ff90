package dev.plumbline.learn.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Closes a body at a deadline: the client's own timeout ends with the headers. */
final class Closing {
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "plumbline-endpoint-deadline");
            thread.setDaemon(true);
            return thread;
          });

  private final ScheduledFuture<?> due;

  private Closing(ScheduledFuture<?> due) {
    this.due = due;
  }

  static Closing after(InputStream body, long nanos) {
    return new Closing(CLOCK.schedule(() -> quietly(body), nanos, TimeUnit.NANOSECONDS));
  }

  private static void quietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // The reader sees the end of the stream all the same.
    }
  }

  void cancel() {
    due.cancel(false);
  }
}
