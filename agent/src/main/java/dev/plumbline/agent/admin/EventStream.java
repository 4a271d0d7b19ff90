package dev.plumbline.agent.admin;

import dev.plumbline.agent.scoring.EventFeed;
import dev.plumbline.agent.scoring.Exchange;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * One reader of {@code /api/events}: server-sent events named {@code verdict}, the data an exchange
 * as in {@code /api/exchanges}, the id its id; {@code trigger}, a change of state; and {@code
 * adapter}, a change of an origin's ablated variant or a measurement of it. What the reader is too
 * slow for is dropped.
 */
final class EventStream implements EventFeed.Reader {
  /** Events handed to the event loop and not written yet. */
  private static final int MAX_WAITING = 256;

  private static final int MAX_QUEUED_BYTES = 64 << 10;
  private static final long HEARTBEAT_MILLIS = 15_000;

  private final Vertx vertx;
  private final Context context;
  private final HttpServerResponse response;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean full;
  private long heartbeat;

  EventStream(Vertx vertx, HttpServerResponse response) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.response = response;
  }

  /** Begins; false, and nothing sent, when there are too many readers. */
  boolean open(EventFeed feed) {
    if (!feed.subscribe(this)) {
      return false;
    }
    response.setWriteQueueMaxSize(MAX_QUEUED_BYTES);
    response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream; charset=utf-8")
        .putHeader("cache-control", "no-cache")
        .write(": verdicts follow\n\n");
    heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, tick -> write(": still here\n\n"));
    response.closeHandler(
        closed -> {
          feed.unsubscribe(this);
          vertx.cancelTimer(heartbeat);
        });
    response.exceptionHandler(e -> {});
    return true;
  }

  /** Takes an exchange from any thread, or refuses it at once. */
  @Override
  public boolean test(Exchange exchange) {
    return later(
        () ->
            "event: verdict\nid: "
                + exchange.id()
                + "\ndata: "
                + ExchangeJson.of(exchange)
                + "\n\n");
  }

  @Override
  public boolean announced(String event, String json) {
    return later(() -> "event: " + event + "\ndata: " + json + "\n\n");
  }

  @Override
  public void ended() {
    context.runOnContext(
        v -> {
          if (!response.ended() && !response.closed()) {
            vertx.cancelTimer(heartbeat);
            response.end();
          }
        });
  }

  private boolean later(Supplier<String> event) {
    if (full || response.closed()) {
      return false;
    }
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return false;
    }
    context.runOnContext(
        v -> {
          waiting.decrementAndGet();
          write(event.get());
        });
    return true;
  }

  private void write(String event) {
    if (response.closed() || response.ended()) {
      return;
    }
    response.write(event);
    if (response.writeQueueFull()) {
      full = true;
      response.drainHandler(drained -> full = false);
    }
  }
}
