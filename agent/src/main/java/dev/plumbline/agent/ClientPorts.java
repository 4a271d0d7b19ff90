package dev.plumbline.agent;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.oip.OipServer;
import dev.plumbline.agent.origin.AnswerSettings;
import dev.plumbline.agent.origin.EmbeddedOrigin;
import dev.plumbline.agent.origin.GenerationHandler;
import dev.plumbline.agent.proxy.ReverseProxy;
import dev.plumbline.agent.proxy.ServerSettings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The ports where clients connect: in front of an origin or of the agent's own model, and of the
 * Open Inference Protocol; one server an event loop. Thread-safe.
 */
final class ClientPorts {
  private final AgentParts parts;
  private final List<HttpServer> inference = new CopyOnWriteArrayList<>();
  private final List<HttpServer> oip = new CopyOnWriteArrayList<>();

  ClientPorts(AgentParts parts) {
    this.parts = parts;
  }

  /** Binds them. */
  Future<?> bind() {
    return Future.all(bindInference(), bindOip());
  }

  /** A port of its own; where nothing else is served it is the agent's only one for clients. */
  private Future<?> bindOip() {
    if (parts.oip.isEmpty()) {
      return Future.succeededFuture();
    }
    AgentConfig.Listen listen = parts.config.oip().orElseThrow().listen();
    OipServer server = parts.oip.get();
    return parts.vertx.deployVerticle(
        () ->
            new InferenceVerticle(
                listen,
                InferenceVerticle.ANY_OIP_PORT,
                parts.ports.secured(server.options()),
                server::handler,
                oip::add,
                parts.ports.oip(),
                parts.ports.accepting()),
        new DeploymentOptions().setInstances(parts.eventLoops));
  }

  private Future<?> bindInference() {
    if (parts.config.onlyOip()) {
      return Future.succeededFuture();
    }
    HttpServerOptions options = ServerSettings.inference(parts.config);
    return parts.vertx.deployVerticle(
        () ->
            new InferenceVerticle(
                parts.config.inference(),
                InferenceVerticle.ANY_INFERENCE_PORT,
                options,
                this::handler,
                inference::add,
                parts.ports.inference(),
                parts.ports.accepting()),
        new DeploymentOptions().setInstances(parts.eventLoops));
  }

  private Handler<HttpServerRequest> handler(Vertx loop) {
    if (parts.config.origin().isPresent()) {
      return new ReverseProxy(loop, parts.proxies, parts.eventLoops);
    }
    GenerationHandler generations =
        new GenerationHandler(
            parts.engines::models,
            parts.ledger,
            parts.live::now,
            new AnswerSettings(parts.meters, parts.clock),
            parts.tracing,
            parts.triggers);
    return new EmbeddedOrigin(
        parts.engines::models, generations, parts.meters, parts.clock.instant());
  }

  /** Servers of the inference port; none before it is bound, or where there is none. */
  List<HttpServer> inference() {
    return inference;
  }

  /** Servers of the OIP port; none before it is bound, or where there is none. */
  List<HttpServer> oip() {
    return oip;
  }

  /** Where clients connect: the OIP port where nothing else is served. */
  int port() {
    return (parts.config.onlyOip() ? oip : inference).get(0).actualPort();
  }

  OptionalInt oipPort() {
    return oip.stream().mapToInt(HttpServer::actualPort).findFirst();
  }

  /** No new requests, old ones to their end. */
  void drain(long deadlineNanos) {
    Drain.servers(inference, deadlineNanos);
    Drain.servers(oip, deadlineNanos);
  }
}
