package dev.plumbline.agent.proxy;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A reading that somebody waits for on an event loop. */
final class InTime {
  private InTime() {}

  /** The reading on the caller's event loop, or that it came too late to be told; never fails. */
  static Future<Reading> of(CompletableFuture<Reading> reading, Vertx vertx, Duration deadline) {
    if (reading.isDone()) {
      return Future.succeededFuture(reading.join());
    }
    Promise<Reading> told = Promise.promise();
    Context context = vertx.getOrCreateContext();
    long timer =
        vertx.setTimer(
            Math.max(1, deadline.toMillis()),
            fired -> told.tryComplete(Reading.unscored(UnscoredReason.DEADLINE_PASSED)));
    reading.thenAccept(
        found ->
            context.runOnContext(
                v -> {
                  vertx.cancelTimer(timer);
                  told.tryComplete(found);
                }));
    return told.future();
  }
}
