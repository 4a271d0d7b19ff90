package dev.plumbline.agent;

import dev.plumbline.agent.scoring.Ledger;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orderly end: no new requests, old ones to their end, verdicts too; all up to a deadline. */
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final long STEP_MILLIS = 10;

  private Drain() {}

  /** Stops to accept, and waits for answers under way; what is left at the deadline is cut. */
  static void servers(List<HttpServer> servers, long deadlineNanos) {
    long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
    List<Future<Void>> ends =
        servers.stream().map(server -> server.shutdown(left, TimeUnit.MILLISECONDS)).toList();
    try {
      Future.join(ends)
          .toCompletionStage()
          .toCompletableFuture()
          .get(left + 1000, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("wanted the servers to end in order, found {}", e.toString());
    }
  }

  /** Waits for verdicts, a moment even after the deadline: those of answers cut by it. */
  static void exchanges(Ledger ledger, long deadlineNanos) {
    long end = Math.max(deadlineNanos, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
    try {
      while (ledger.unsettled() > 0 && System.nanoTime() < end) {
        Thread.sleep(STEP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (ledger.unsettled() > 0) {
      LOG.warn("{} exchanges had no verdict when the agent stopped", ledger.unsettled());
    }
  }
}
