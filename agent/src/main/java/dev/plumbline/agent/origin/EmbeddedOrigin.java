package dev.plumbline.agent.origin;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.ModelList;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes of an OpenAI-compatible server over the models in this process. */
public final class EmbeddedOrigin implements Handler<HttpServerRequest> {
  private final Supplier<Optional<TextModels>> models;
  private final GenerationHandler generations;
  private final Meters meters;
  private final long createdSeconds;

  /**
   * @param models empty until they are loaded
   * @param createdSeconds Unix time given as the models' creation
   */
  public EmbeddedOrigin(
      Supplier<Optional<TextModels>> models,
      GenerationHandler generations,
      Meters meters,
      Instant createdSeconds) {
    this.models = models;
    this.generations = generations;
    this.meters = meters;
    this.createdSeconds = createdSeconds.getEpochSecond();
  }

  @Override
  public void handle(HttpServerRequest request) {
    Route route = Route.served(request.path());
    if (route.generates() && request.method() == HttpMethod.POST) {
      generations.handle(request, route);
      return;
    }
    HttpServerResponse response = request.response();
    response.endHandler(
        end -> meters.count(Meter.OTHER_REQUESTS, response.getStatusCode() / 100 + "xx"));
    if (route == Route.MODELS && isRead(request)) {
      models(request);
    } else if (route == Route.OTHER) {
      Replies.error(response, unknownRoute(request));
    } else {
      response.putHeader("allow", route == Route.MODELS ? "GET, HEAD" : "POST");
      Replies.error(response, wrongMethod(request));
    }
  }

  private void models(HttpServerRequest request) {
    Optional<TextModels> loaded = models.get();
    if (loaded.isEmpty()) {
      Replies.error(request.response(), Replies.notReady());
      return;
    }
    List<String> names = loaded.get().models().stream().map(ServedModel::name).toList();
    Optional<String> name = nameIn(request.path());
    if (name.isEmpty()) {
      Replies.json(request.response(), 200, ModelList.all(names, createdSeconds));
    } else if (names.contains(name.get())) {
      Replies.json(request.response(), 200, ModelList.one(name.get(), createdSeconds));
    } else {
      Replies.error(request.response(), Replies.noSuchModel(name.get(), names));
    }
  }

  private static Optional<String> nameIn(String path) {
    String prefix = Route.MODELS.path() + "/";
    return path.length() > prefix.length()
        ? Optional.of(decode(path.substring(prefix.length())))
        : Optional.empty();
  }

  private static String decode(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }

  private static boolean isRead(HttpServerRequest request) {
    return request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
  }

  private static WireError unknownRoute(HttpServerRequest request) {
    return WireError.of(
        ErrorKind.ROUTE_NOT_FOUND,
        "Unknown request URL: "
            + request.method()
            + " "
            + shorten(request.path())
            + ". This server has /v1/chat/completions, /v1/completions and /v1/models.");
  }

  private static WireError wrongMethod(HttpServerRequest request) {
    return WireError.of(
        ErrorKind.METHOD_NOT_ALLOWED,
        "Not allowed: " + request.method() + " " + shorten(request.path()) + ".");
  }

  private static String shorten(String path) {
    return path == null || path.length() <= 100 ? path : path.substring(0, 100) + "...";
  }
}
