package dev.plumbline.agent;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.ports.Accepting;
import dev.plumbline.agent.ports.PortGuard;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One event loop of a port; several share it. */
final class InferenceVerticle extends VerticleBase {
  /**
   * To Vert.x: any free port, the same one for all servers that ask for this number, whichever
   * deployment they are of.
   */
  static final int ANY_INFERENCE_PORT = -1;

  static final int ANY_OIP_PORT = -2;

  private final AgentConfig.Listen listen;
  private final int anyPort;
  private final HttpServerOptions options;
  private final Function<Vertx, Handler<HttpServerRequest>> handler;
  private final Consumer<HttpServer> listening;
  private final Supplier<PortGuard> guard;
  private final Accepting accepting;

  InferenceVerticle(
      AgentConfig.Listen listen,
      int anyPort,
      HttpServerOptions options,
      Function<Vertx, Handler<HttpServerRequest>> handler,
      Consumer<HttpServer> listening,
      Supplier<PortGuard> guard,
      Accepting accepting) {
    this.listen = listen;
    this.anyPort = anyPort;
    this.options = options;
    this.handler = handler;
    this.listening = listening;
    this.guard = guard;
    this.accepting = accepting;
  }

  @Override
  public Future<?> start() {
    int port = listen.port() == 0 ? anyPort : listen.port();
    PortGuard own = guard.get();
    return own.guard(vertx, vertx.createHttpServer(options), options, handler.apply(vertx))
        .listen(port, listen.host())
        .onSuccess(server -> accepting.guard(server.actualPort(), own, options))
        .onSuccess(listening::accept);
  }
}
