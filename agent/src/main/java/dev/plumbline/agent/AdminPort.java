package dev.plumbline.agent;

import dev.plumbline.agent.admin.AdapterRoutes;
import dev.plumbline.agent.admin.AdminGuard;
import dev.plumbline.agent.admin.AdminRoutes;
import dev.plumbline.agent.admin.ArtefactRoutes;
import dev.plumbline.agent.admin.FleetRoutes;
import dev.plumbline.agent.admin.OriginRoutes;
import dev.plumbline.agent.admin.Readiness;
import dev.plumbline.agent.admin.ReloadRoutes;
import dev.plumbline.agent.admin.TokenRoutes;
import dev.plumbline.agent.admin.TriggerRoutes;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.console.ConsoleRoutes;
import dev.plumbline.agent.fleet.FleetDesk;
import dev.plumbline.agent.origin.TextModels;
import dev.plumbline.agent.ports.PortGuard;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The port where operators connect, and what it says of the agent's readiness. Thread-safe. */
final class AdminPort {
  private final AgentParts parts;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

  /** The routes; null before the port is bound. */
  private volatile Router router;

  AdminPort(AgentParts parts) {
    this.parts = parts;
  }

  /** Binds it. */
  Future<?> bind(Optional<Reloading> reloading) {
    router = routes(reloading).router();
    AgentConfig.Listen listen = parts.config.admin();
    HttpServerOptions options = parts.ports.adminOptions();
    PortGuard guard = parts.ports.admin().get();
    return guard
        .guard(parts.vertx, parts.vertx.createHttpServer(options), options, router)
        .listen(listen.port(), listen.host())
        .onSuccess(server -> parts.ports.accepting().guard(server.actualPort(), guard, options))
        .onSuccess(servers::add);
  }

  private AdminRoutes routes(Optional<Reloading> reloading) {
    return new AdminRoutes(
        parts.vertx,
        parts.meters,
        parts.ledger,
        this::readiness,
        parts.config.limits().exchangesKept(),
        parts.config.origin().map(origin -> parts.killSwitch),
        new OriginRoutes(parts.origins),
        new ReloadRoutes(parts.vertx, reloading.map(Reloading::reloader)),
        new TriggerRoutes(parts.triggers),
        new AdapterRoutes(parts.watch::adapters),
        new FleetRoutes(parts.vertx, parts.fleet),
        new ArtefactRoutes(parts.engines::cards),
        new TokenRoutes(parts.ledger, parts.config.tokens()),
        new ConsoleRoutes(parts.vertx),
        parts.engines::device,
        () -> parts.engines.models().map(TextModels::models).orElse(List.of()),
        new AdminGuard(parts.access, parts.meters),
        parts.engines::artefacts);
  }

  /** Ready when the engines are, and the fleet is or was waited for in vain. */
  private Readiness readiness() {
    Readiness now = parts.engines.readiness();
    if (now.state() != Readiness.State.READY || parts.fleet.isEmpty()) {
      return now;
    }
    FleetDesk fleet = parts.fleet.get();
    return fleet
        .waiting()
        .map(why -> new Readiness(Readiness.State.STARTING, why))
        .or(() -> fleet.alarm().map(why -> new Readiness(now.state(), "serving; " + why)))
        .orElse(now);
  }

  /** Every route, as METHOD and path. */
  List<String> routes() {
    return AdminRoutes.list(router);
  }

  List<HttpServer> servers() {
    return servers;
  }

  int port() {
    return servers.get(0).actualPort();
  }
}
