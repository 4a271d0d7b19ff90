package dev.plumbline.agent;

import dev.plumbline.agent.config.AgentConfig;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import java.util.function.Function;

/** One event loop of the inference port; several share it. */
final class InferenceVerticle extends VerticleBase {
  /** To Vert.x: any free port, the same one for all instances of a deployment. */
  private static final int ANY_SHARED_PORT = -1;

  private final AgentConfig.Listen listen;
  private final HttpServerOptions options;
  private final Function<Vertx, Handler<HttpServerRequest>> handler;
  private final Consumer<HttpServer> listening;

  InferenceVerticle(
      AgentConfig.Listen listen,
      HttpServerOptions options,
      Function<Vertx, Handler<HttpServerRequest>> handler,
      Consumer<HttpServer> listening) {
    this.listen = listen;
    this.options = options;
    this.handler = handler;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    int port = listen.port() == 0 ? ANY_SHARED_PORT : listen.port();
    return vertx
        .createHttpServer(options)
        .requestHandler(handler.apply(vertx))
        .listen(port, listen.host())
        .onSuccess(listening::accept);
  }
}
