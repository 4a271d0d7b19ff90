package dev.plumbline.agent.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.console.ConsoleRoutes;
import dev.plumbline.agent.embedded.OpenedArtefact;
import dev.plumbline.agent.enforce.KillSwitch;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origin.ServedModel;
import dev.plumbline.agent.scoring.Ledger;
import dev.plumbline.agent.tap.DeviceUse;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes of the admin port. */
public final class AdminRoutes {
  private static final int DEFAULT_LIMIT = 100;

  /** Name of what is no endpoint. */
  private static final String EVERY = "every";

  private final Vertx vertx;
  private final Meters meters;
  private final Ledger ledger;
  private final Supplier<Readiness> readiness;
  private final int kept;
  private final SwitchRoutes switches;
  private final OriginRoutes origins;
  private final ReloadRoutes reload;
  private final AdapterRoutes adapters;
  private final TriggerRoutes triggers;
  private final AdminGuard guard;
  private final FleetRoutes fleet;
  private final ArtefactRoutes artefacts;
  private final TokenRoutes tokens;
  private final ConsoleRoutes console;

  /**
   * @param kept how many exchanges the ledger remembers, the largest limit
   * @param killSwitch absent where the agent serves its model itself
   * @param device what computes
   * @param models those served here
   * @param guard before all of them
   * @param opened artefacts, and what their signatures are worth
   */
  public AdminRoutes(
      Vertx vertx,
      Meters meters,
      Ledger ledger,
      Supplier<Readiness> readiness,
      int kept,
      Optional<KillSwitch> killSwitch,
      OriginRoutes origins,
      ReloadRoutes reload,
      TriggerRoutes triggers,
      AdapterRoutes adapters,
      FleetRoutes fleet,
      ArtefactRoutes artefacts,
      TokenRoutes tokens,
      ConsoleRoutes console,
      Supplier<DeviceUse> device,
      Supplier<List<ServedModel>> models,
      AdminGuard guard,
      Supplier<List<OpenedArtefact>> opened) {
    this.vertx = vertx;
    this.meters = meters;
    this.ledger = ledger;
    this.readiness = readiness;
    this.kept = kept;
    this.switches = new SwitchRoutes(killSwitch, device, models, opened);
    this.origins = origins;
    this.reload = reload;
    this.adapters = adapters;
    this.triggers = triggers;
    this.guard = guard;
    this.fleet = fleet;
    this.artefacts = artefacts;
    this.tokens = tokens;
    this.console = console;
  }

  /** A router for one server. */
  public Router router() {
    Router router = Router.router(vertx);
    router.route().setName(EVERY).handler(guard);
    router.get("/metrics").handler(this::metrics);
    router.get("/health/live").handler(AdminRoutes::live);
    router.get("/health/ready").handler(this::ready);
    router.get("/api/exchanges").handler(this::latest);
    router.get("/api/exchanges/:id").handler(this::one);
    router.get("/api/events").handler(context -> events(context.request()));
    switches.addTo(router);
    origins.addTo(router);
    reload.addTo(router);
    adapters.addTo(router);
    triggers.addTo(router);
    fleet.addTo(router);
    artefacts.addTo(router);
    tokens.addTo(router);
    console.addTo(router);
    router.route().setName(EVERY).handler(AdminRoutes::unknown);
    return router;
  }

  /**
   * What a router answers, as METHOD and path; those with a star stand for all that begin so.
   *
   * @throws IllegalStateException if there is a route that no such list can hold
   */
  public static List<String> list(Router router) {
    List<String> all = new ArrayList<>();
    for (Route route : router.getRoutes()) {
      if (!EVERY.equals(route.getName())) {
        boolean listed = route.getPath() != null && route.getPath().startsWith("/");
        if (!listed || route.isRegexPath() && !route.getPath().contains(":") || none(route)) {
          throw new IllegalStateException("wanted a route with methods and a path, found " + route);
        }
        String path = route.getPath() + (route.isExactPath() ? "" : "*");
        route.methods().forEach(method -> all.add(method + " " + path));
      }
    }
    return all;
  }

  private static boolean none(Route route) {
    return route.methods() == null || route.methods().isEmpty();
  }

  private void metrics(RoutingContext context) {
    String accept = Optional.ofNullable(context.request().getHeader("accept")).orElse("");
    vertx
        .executeBlocking(() -> meters.scrape(accept), false)
        .onSuccess(
            page ->
                context
                    .response()
                    .putHeader("content-type", page.contentType())
                    .putHeader("vary", "accept")
                    .end(Buffer.buffer(page.body())))
        .onFailure(context::fail);
  }

  private static void live(RoutingContext context) {
    json(context, 200, new JsonObject().put("status", "up").encode());
  }

  private void ready(RoutingContext context) {
    Readiness now = readiness.get();
    JsonObject body = new JsonObject().put("status", now.state().wireName()).put("why", now.why());
    json(context, now.state() == Readiness.State.READY ? 200 : 503, body.encode());
  }

  private void latest(RoutingContext context) {
    Optional<Integer> limit = limit(context.request().getParam("limit"));
    if (limit.isEmpty()) {
      String wanted = "limit: wanted an integer from 1 to " + kept;
      json(context, 400, new JsonObject().put("error", wanted).encode());
    } else {
      json(context, 200, ExchangeJson.list(ledger.latest(limit.get())).toString());
    }
  }

  private Optional<Integer> limit(String text) {
    if (text == null) {
      return Optional.of(Math.min(DEFAULT_LIMIT, kept));
    }
    try {
      return Optional.of(Integer.valueOf(text)).filter(n -> n >= 1 && n <= kept);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private void one(RoutingContext context) {
    String id = context.pathParam("id");
    Optional<ObjectNode> found =
        ledger.underWay(id).map(ExchangeJson::of).or(() -> ledger.find(id).map(ExchangeJson::of));
    if (found.isPresent()) {
      json(context, 200, found.get().toString());
    } else {
      String why =
          "no such exchange: not settled yet and not read while it streams, or older than the last "
              + kept;
      json(context, 404, new JsonObject().put("error", why).encode());
    }
  }

  private void events(HttpServerRequest request) {
    EventStream stream = new EventStream(vertx, request.response());
    if (!stream.open(ledger.feed())) {
      String why = "too many readers of /api/events (events.subscribers)";
      request
          .response()
          .setStatusCode(503)
          .putHeader("content-type", "application/json")
          .end(new JsonObject().put("error", why).encode());
    }
  }

  private static void unknown(RoutingContext context) {
    json(context, 404, new JsonObject().put("error", "no such page").encode());
  }

  private static void json(RoutingContext context, int status, String body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body);
  }
}
