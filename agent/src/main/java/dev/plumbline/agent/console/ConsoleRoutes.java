package dev.plumbline.agent.console;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /console/} and the files it names; {@code GET /} leads there. The page holds nothing
 * secret, so it needs no token: what it shows it asks {@code /api} for, with the reader's. Nothing
 * is read before somebody looks.
 */
public final class ConsoleRoutes {
  /** Where the page is. */
  public static final String PAGE = "/console/";

  private static final String WITHOUT_SLASH = "/console";
  private static final String FILES = PAGE + "f/";

  /** Of the whole port: the page's own files and calls only, in no frame; nothing inline. */
  public static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Vertx vertx;
  private Future<ConsoleAssets> assets;

  public ConsoleRoutes(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Adds them; before any handler that answers whatever is left. */
  public void addTo(Router router) {
    router.get("/").handler(ConsoleRoutes::lead);
    for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
      router.route(method, PAGE + "*").handler(this::file);
    }
  }

  private static void lead(RoutingContext context) {
    context.response().setStatusCode(302).putHeader("location", PAGE).end();
  }

  private synchronized Future<ConsoleAssets> assets() {
    if (assets == null || assets.failed()) {
      assets = vertx.executeBlocking(ConsoleAssets::load, false);
    }
    return assets;
  }

  private void file(RoutingContext context) {
    assets().onSuccess(all -> file(context, all)).onFailure(context::fail);
  }

  /** By exact name: a path is never resolved, so there is nothing to climb out of. */
  private static void file(RoutingContext context, ConsoleAssets all) {
    String path = context.request().path();
    if (path.equals(PAGE)) {
      send(context, all.page(), "no-cache");
      return;
    }
    if (path.equals(WITHOUT_SLASH)) {
      lead(context);
      return;
    }
    String folder = FILES + all.digest() + "/";
    Optional<ConsoleAssets.Asset> asset =
        path.startsWith(folder) ? all.find(path.substring(folder.length())) : Optional.empty();
    if (asset.isPresent()) {
      send(context, asset.get(), "public, max-age=31536000, immutable");
    } else {
      context.next();
    }
  }

  private static void send(RoutingContext context, ConsoleAssets.Asset asset, String caching) {
    HttpServerResponse response = context.response();
    response
        .putHeader("etag", asset.tag())
        .putHeader("cache-control", caching)
        .putHeader("content-security-policy", POLICY)
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "no-referrer");
    if (asset.tag().equals(context.request().getHeader("if-none-match"))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader("content-type", asset.contentType());
    if (context.request().method() == HttpMethod.HEAD) {
      response.putHeader("content-length", String.valueOf(asset.bytes().length())).end();
    } else {
      response.end(asset.bytes());
    }
  }
}
