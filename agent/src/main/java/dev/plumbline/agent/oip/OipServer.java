package dev.plumbline.agent.oip;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.OipSettings;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.scoring.Ledger;
import dev.plumbline.agent.shm.Regions;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The protocol's port: REST over HTTP/1.1 and 2, gRPC over HTTP/2. Owns its workers. */
public final class OipServer implements AutoCloseable {
  private static final int WORKERS = 2;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int MAX_STREAMS = 256;

  private final InferService service;
  private final Meters meters;
  private final AgentConfig config;

  /**
   * @param oip settings of this port
   * @param model empty until it is loaded
   */
  public OipServer(
      AgentConfig config,
      OipSettings oip,
      Supplier<Optional<OipModel>> model,
      Ledger ledger,
      Meters meters,
      Clock clock) {
    this.config = config;
    this.meters = meters;
    this.service =
        new InferService(
            model,
            ledger,
            Optional.of(oip)
                .filter(OipSettings::sharedMemory)
                .map(on -> new Regions(Regions.FOLDER, oip.regionBytes())),
            new Sequences(oip.sequences(), oip.sequenceIdle(), System::nanoTime, meters),
            new InferDesk(oip.queue(), WORKERS, meters),
            config.deadlines().scoring(),
            clock);
  }

  /** How the port listens. */
  public HttpServerOptions options() {
    long idle = config.deadlines().connectionIdle().toMillis();
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(true)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(MAX_STREAMS)
                .setInitialWindowSize(WINDOW_BYTES))
        .setHttp2ConnectionWindowSize(8 * WINDOW_BYTES)
        .setHandle100ContinueAutomatically(true)
        .setIdleTimeout((int) Math.min(Integer.MAX_VALUE, idle))
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  /** The handler of one event loop; called on it. */
  public Handler<HttpServerRequest> handler(Vertx vertx) {
    Context loop = vertx.getOrCreateContext();
    int mostBytes = config.limits().requestBytes();
    RestRoutes rest = new RestRoutes(service, meters, loop, mostBytes);
    GrpcRoutes grpc = new GrpcRoutes(service, meters, vertx, loop, mostBytes);
    return request -> {
      if (isGrpc(request)) {
        grpc.handle(request);
      } else {
        rest.handle(request);
      }
    };
  }

  private static boolean isGrpc(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return request.version() == HttpVersion.HTTP_2
        && type != null
        && type.startsWith("application/grpc");
  }

  @Override
  public void close() {
    service.close();
  }
}
