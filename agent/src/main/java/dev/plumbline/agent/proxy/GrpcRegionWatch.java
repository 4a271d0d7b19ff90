package dev.plumbline.agent.proxy;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.wire.oip.GrpcFrames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The same as {@link RegionWatch} of a gRPC call, whose status is what waits. */
final class GrpcRegionWatch implements GrpcWatch {
  private final Vertx vertx;
  private final OriginRegions regions;
  private final Meters meters;
  private final Duration deadline;
  private final String path;
  private final GrpcFrames frames = new GrpcFrames(RegionCall.MOST_BYTES, this::whole);
  private Optional<GrpcFrames.Message> asked = Optional.empty();
  private String encoding = "";
  private String origin = "";
  private boolean good;

  GrpcRegionWatch(
      Vertx vertx, OriginRegions regions, Meters meters, Duration deadline, String path) {
    this.vertx = vertx;
    this.regions = regions;
    this.meters = meters;
    this.deadline = deadline;
    this.path = path;
  }

  void sentTo(String name) {
    origin = name;
  }

  private void whole(GrpcFrames.Message message) {
    asked = asked.or(() -> Optional.of(message));
  }

  @Override
  public Optional<String> requestId() {
    return Optional.empty();
  }

  @Override
  public void sending(HttpClientRequest request) {
    String named = request.headers().get("grpc-encoding");
    encoding = named == null ? "" : named.trim();
  }

  @Override
  public void request(Buffer chunk) {
    if (asked.isEmpty()) {
      frames.take(ByteBuffer.wrap(chunk.getBytes()));
    }
  }

  @Override
  public boolean head(HttpClientResponse head) {
    return true;
  }

  @Override
  public Future<Buffer> passed(Buffer chunk) {
    return Future.succeededFuture(chunk);
  }

  @Override
  public void over(int status, Outcome outcome) {
    good = outcome == Outcome.COMPLETED;
    meters.count(Meter.OTHER_REQUESTS, status == 0 ? "none" : status / 100 + "xx");
  }

  @Override
  public Future<End> end() {
    if (!good) {
      return Future.succeededFuture(End.PLAIN);
    }
    return vertx
        .executeBlocking(
            () -> {
              regions.done(origin, asked.flatMap(this::call));
              return End.PLAIN;
            },
            true)
        .timeout(Math.max(1, deadline.toMillis()), TimeUnit.MILLISECONDS)
        .otherwise(End.PLAIN);
  }

  private Optional<RegionCall> call(GrpcFrames.Message message) {
    if (!message.compressed()) {
      return RegionCall.grpc(path, message.bytes());
    }
    Decoded decoded = Decoded.of(message.bytes(), encoding, RegionCall.MOST_BYTES, true);
    return encoding.isEmpty() || decoded.failure().isPresent()
        ? Optional.empty()
        : RegionCall.grpc(path, decoded.bytes());
  }
}
