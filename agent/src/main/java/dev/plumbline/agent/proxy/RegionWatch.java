package dev.plumbline.agent.proxy;

import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The watch on a call that registers a region with an origin, or takes it back. The origin's answer
 * waits until the agent knows the region too, so that whoever has it may use it. Nothing of either
 * is changed.
 */
final class RegionWatch implements Watch {
  private static final Telling NOTHING =
      Telling.of(new Annotation(Reading.unscored(UnscoredReason.OFF), Action.NONE));

  private final Vertx vertx;
  private final OriginRegions regions;
  private final Meters meters;
  private final Duration deadline;
  private final String path;
  private final BoundedCopy asked = new BoundedCopy(RegionCall.MOST_BYTES);
  private String encoding = "";
  private String origin = "";
  private boolean good;

  RegionWatch(Vertx vertx, OriginRegions regions, Meters meters, Duration deadline, String path) {
    this.vertx = vertx;
    this.regions = regions;
    this.meters = meters;
    this.deadline = deadline;
    this.path = path;
  }

  void sentTo(String name) {
    origin = name;
  }

  @Override
  public void sending(HttpClientRequest toOrigin) {
    String named = toOrigin.headers().get("content-encoding");
    encoding = named == null ? "" : named.trim();
  }

  @Override
  public void request(Buffer chunk) {
    asked.add(chunk);
  }

  @Override
  public Delivery head(HttpClientResponse head) {
    good = head.statusCode() / 100 == 2;
    return good ? Delivery.HOLD : Delivery.PASS;
  }

  @Override
  public boolean tells() {
    return false;
  }

  @Override
  public void answer(Buffer chunk) {
    // The status says it.
  }

  @Override
  public void over(int status, Outcome outcome) {
    meters.count(Meter.OTHER_REQUESTS, status == 0 ? "none" : status / 100 + "xx");
  }

  @Override
  public Future<Telling> telling() {
    return vertx
        .executeBlocking(
            () -> {
              done();
              return NOTHING;
            },
            true)
        .timeout(Math.max(1, deadline.toMillis()), TimeUnit.MILLISECONDS)
        .otherwise(NOTHING);
  }

  private void done() {
    Decoded body = Decoded.of(asked.bytes(), encoding, RegionCall.MOST_BYTES, true);
    boolean whole = !asked.overflown() && body.failure().isEmpty();
    regions.done(origin, whole ? RegionCall.rest(path, body.bytes()) : java.util.Optional.empty());
  }

  /** An answer that long is none to a registration; it goes on, and nothing is known. */
  @Override
  public Telling tooLong() {
    return NOTHING;
  }
}
