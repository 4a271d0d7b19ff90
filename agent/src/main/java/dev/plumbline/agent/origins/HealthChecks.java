package dev.plumbline.agent.origins;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks each origin for its health path, again and again: each interval while it is healthy, after
 * waits that double while it is not. Only 2xx is health; the body is not looked at. One question
 * per origin at a time, on one event loop, so that no client's request ever waits for one.
 */
public final class HealthChecks {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 1 << 20;

  private final Vertx vertx;
  private final Asker asker;
  private final String path;
  private final Duration interval;

  private HealthChecks(Vertx vertx, Asker asker, String path, Duration interval) {
    this.vertx = vertx;
    this.asker = asker;
    this.path = path;
    this.interval = interval;
  }

  /** Begins; ends with the asker. */
  public static void start(
      Vertx vertx, Asker asker, OriginTable table, String path, Duration interval) {
    HealthChecks checks = new HealthChecks(vertx, asker, path, interval);
    vertx.runOnContext(v -> table.all().forEach(checks::ask));
  }

  private void ask(OriginServer server) {
    if (asker.closed()) {
      return;
    }
    Duration patience = interval.compareTo(LONGEST) < 0 ? interval : LONGEST;
    asker
        .get(server.settings().url(), path, Map.of(), new Asker.Limits(patience, MOST_BYTES))
        .onComplete(
            said -> {
              if (said.failed()) {
                server.unreachable(said.cause());
              } else if (said.result().good()) {
                server.health().succeeded();
              } else {
                server.health().failed(path + " answered " + said.result().status());
              }
              again(server);
            });
  }

  private void again(OriginServer server) {
    Duration wait = server.health().nextIn(interval);
    vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait.toNanos())), t -> ask(server));
  }
}
