package dev.plumbline.agent;

import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.adapters.OriginAdapters;
import dev.plumbline.agent.admin.AdapterRoutes;
import dev.plumbline.agent.admin.AdminAccess;
import dev.plumbline.agent.admin.AdminGuard;
import dev.plumbline.agent.admin.AdminRoutes;
import dev.plumbline.agent.admin.ArtefactRoutes;
import dev.plumbline.agent.admin.FleetRoutes;
import dev.plumbline.agent.admin.OriginRoutes;
import dev.plumbline.agent.admin.Readiness;
import dev.plumbline.agent.admin.ReloadRoutes;
import dev.plumbline.agent.admin.TokenRoutes;
import dev.plumbline.agent.admin.TriggerRoutes;
import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.cli.Launcher;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.config.LiveConfig;
import dev.plumbline.agent.config.LoadedConfig;
import dev.plumbline.agent.config.TriggerSettings;
import dev.plumbline.agent.console.ConsoleRoutes;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.enforce.KillSwitch;
import dev.plumbline.agent.enforce.trigger.LiveTriggers;
import dev.plumbline.agent.enforce.trigger.TriggerEvent;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.fleet.Fleet;
import dev.plumbline.agent.fleet.FleetDesk;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.oip.OipServer;
import dev.plumbline.agent.origin.AnswerSettings;
import dev.plumbline.agent.origin.EmbeddedOrigin;
import dev.plumbline.agent.origin.GenerationHandler;
import dev.plumbline.agent.origin.TextModels;
import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.origins.HealthChecks;
import dev.plumbline.agent.origins.OriginModels;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.origins.TapChoice;
import dev.plumbline.agent.origins.TapSearches;
import dev.plumbline.agent.ports.JsonBounds;
import dev.plumbline.agent.ports.PortGuard;
import dev.plumbline.agent.proxy.DeclaredTensors;
import dev.plumbline.agent.proxy.OriginRegions;
import dev.plumbline.agent.proxy.Passages;
import dev.plumbline.agent.proxy.ReverseProxy;
import dev.plumbline.agent.proxy.ServerSettings;
import dev.plumbline.agent.proxy.TokenIdOffers;
import dev.plumbline.agent.reload.Reloadable;
import dev.plumbline.agent.reload.Reloader;
import dev.plumbline.agent.scoring.Ledger;
import dev.plumbline.agent.scoring.ScoringDesk;
import dev.plumbline.agent.shm.Regions;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.agent.tracing.OtlpTracing;
import dev.plumbline.agent.tracing.Tracing;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent from its first bound port to its last answer. Owns all it made. */
final class RunningAgent implements Launcher.Running {
  private static final Logger LOG = LoggerFactory.getLogger(RunningAgent.class);

  /** Model names with a label of their own. */
  private static final int MAX_MODEL_LABELS = 32;

  private static final int BIND_SECONDS = 30;
  private static final int END_SECONDS = 10;

  static {
    JsonBounds.install();
  }

  private final AgentConfig config;
  private final AblatedVariants variants;
  private final LiveConfig live;
  private final Clock clock = Clock.systemUTC();
  private final Meters meters = new Meters();
  private final ScoringThreads threads = new ScoringThreads();
  private final Ledger ledger;
  private final LabelNames models;
  private final Triggers triggers;
  private final Optional<FleetDesk> fleet;
  private final Tracing tracing;
  private final ScoringDesk desk;
  private final EngineRoom engines;
  private final Optional<OriginTable> origins;
  private Optional<Reloading> reloading = Optional.empty();
  private final ReverseProxy.Shared proxies;
  private final Vertx vertx;
  private final Asker asker;
  private final AgentPorts ports;
  private final AdminAccess access;

  /** Where taps are to be found out; null before, and for good where they are configured. */
  private volatile TapSearches searches;

  /** The origins' ablated variants; null before they are begun with, and where there are none. */
  private volatile OriginAdapters adapters;

  /** The admin port's routes; null before it is bound. */
  private volatile Router adminRouter;

  private final int eventLoops = Math.max(1, Runtime.getRuntime().availableProcessors());
  private final List<HttpServer> inference = new CopyOnWriteArrayList<>();
  private final List<HttpServer> admin = new CopyOnWriteArrayList<>();
  private final List<HttpServer> oipPorts = new CopyOnWriteArrayList<>();
  private final Optional<OipServer> oip;
  private final OriginRegions regions;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param variants who answers without the direction, beside those of the configuration
   * @param fleets makes the way to other agents
   */
  RunningAgent(
      AgentConfig config, AblatedVariants variants, Function<FleetSettings, Fleet> fleets) {
    this.config = config;
    this.variants = variants;
    this.live = new LiveConfig(config);
    AgentConfig.Limits limits = config.limits();
    this.models = new LabelNames(MAX_MODEL_LABELS);
    config.modes().perModel().keySet().forEach(models::admit);
    config.labels().models().forEach(models::admit);
    this.ledger =
        new Ledger(meters, models, clock, limits.exchangesKept(), limits.eventSubscribers());
    Triggers own =
        config
            .triggers()
            .<Triggers>map(t -> new LiveTriggers(t, models, meters, clock, this::announce))
            .orElse(Triggers.NONE);
    this.engines = new EngineRoom(config, meters);
    this.fleet = config.fleet().map(asked -> desk(asked, own, fleets));
    this.triggers = fleet.map(FleetDesk::triggers).orElse(own);
    ledger.feeds(triggers);
    ledger.keepsTokens(config.tokens().exchanges());
    this.tracing = config.tracing().map(t -> OtlpTracing.start(t, meters)).orElse(Tracing.OFF);
    this.desk =
        new ScoringDesk(
            limits.scoringQueue(),
            () -> live.now().deadlines().scoring(),
            threads.workers(),
            threads.scheduler(),
            meters);
    this.origins =
        config
            .origin()
            .map(o -> new OriginTable(config.origins(), meters, clock, System::nanoTime));
    this.oip =
        config.oip().map(port -> new OipServer(config, port, engines::oip, ledger, meters, clock));
    this.regions =
        new OriginRegions(
            Regions.FOLDER,
            config
                .engine()
                .states()
                .filter(AgentConfig.States::sharedMemory)
                .map(AgentConfig.States::bytes),
            meters);
    this.proxies =
        new ReverseProxy.Shared(
            config,
            live::now,
            ledger,
            meters,
            desk,
            engines::tap,
            this::states,
            new Passages(meters),
            new KillSwitch(meters, clock, config.control().off()),
            origins,
            regions,
            new DeclaredTensors(meters, System::nanoTime),
            tracing,
            this::ablated,
            origin -> adapters().ifPresent(a -> a.missed(origin)),
            triggers,
            new TokenIdOffers(System::nanoTime));
    this.ports = new AgentPorts(config, meters);
    this.vertx =
        Vertx.builder()
            .with(new VertxOptions().setDisableTCCL(true).setEventLoopPoolSize(eventLoops + 1))
            .withTransport(ports.accepting().transport())
            .build();
    this.asker = new Asker(vertx, config.security().origin());
    this.access = new AdminAccess(config.security().admin());
    origins.filter(table -> config.labels().askOrigins()).ifPresent(this::learnNames);
    new ArtefactMeters(meters).build();
  }

  private FleetDesk desk(FleetSettings asked, Triggers own, Function<FleetSettings, Fleet> fleets) {
    FleetHost host =
        new FleetHost(live::now, engines, ledger, this::killSwitch, own, models, this::adapters);
    FleetDesk.Parts parts =
        new FleetDesk.Parts(
            asked,
            host,
            own,
            config.triggers().map(TriggerSettings::mode),
            models,
            meters,
            clock,
            ledger.feed()::announce,
            FleetBuild.version());
    return new FleetDesk(parts, fleets.apply(asked), FleetBuild.process(), FleetBuild.scratch());
  }

  private KillSwitch killSwitch() {
    return proxies.killSwitch();
  }

  /** Ready when the engines are, and the fleet is or was waited for in vain. */
  private Readiness readiness() {
    Readiness now = engines.readiness();
    if (now.state() != Readiness.State.READY || fleet.isEmpty()) {
      return now;
    }
    return fleet
        .get()
        .waiting()
        .map(why -> new Readiness(Readiness.State.STARTING, why))
        .or(() -> fleet.get().alarm().map(why -> new Readiness(now.state(), "serving; " + why)))
        .orElse(now);
  }

  private void learnNames(OriginTable table) {
    OriginModels lists =
        new OriginModels(vertx, asker, table, models::admit, proxies.killSwitch()::off);
    models.whenWanted(lists::wanted);
  }

  private void announce(TriggerEvent event) {
    ledger.feed().announce("trigger", TriggerRoutes.event(event));
  }

  /** Lets it read its settings again; call before {@link #listen}. */
  void reloadFrom(LoadedConfig loaded, ConfigSources sources) {
    Reloadable agent = new LiveParts(engines, proxies.killSwitch(), models, this::rereadSecrets);
    Reloader reloader = new Reloader(loaded, sources, live, meters, agent);
    reloading = Optional.of(new Reloading(reloader, sources, config.control().watch()));
  }

  /** Tokens and certificates whose files changed under the same names. */
  private void rereadSecrets() {
    access.reread();
    ports.reread(inference, oipPorts, admin);
  }

  /** Every route of the admin port, as METHOD and path; for tests that must forget none. */
  List<String> adminRoutes() {
    return AdminRoutes.list(adminRouter);
  }

  @Override
  public void reload() {
    reloading.ifPresent(r -> r.reloader().reload());
  }

  /** Binds the ports. */
  void listen() {
    try {
      Future<?> all = Future.all(deployAdmin(), deployInference(), deployOip());
      all.toCompletionStage().toCompletableFuture().get(BIND_SECONDS, TimeUnit.SECONDS);
      origins.ifPresent(this::watch);
      fleet.ifPresent(FleetDesk::start);
    } catch (Exception e) {
      close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CommandFailure(
          ExitCode.FAILED,
          "wanted to listen on %s, %s%s, found: %s; free the port or choose another"
              .formatted(
                  shown(config.inference()),
                  shown(config.admin()),
                  config.oip().map(port -> ", " + shown(port.listen())).orElse(""),
                  cause.getMessage()),
          cause);
    }
  }

  private void watch(OriginTable table) {
    Duration interval = config.origins().healthInterval();
    config
        .origins()
        .healthPath()
        .ifPresent(path -> HealthChecks.start(vertx, asker, table, path, interval));
  }

  /** The configured tap on the origins' states, or those that were found. */
  private Optional<StatesByOrigin> states() {
    return engines
        .states()
        .map(StatesByOrigin::all)
        .or(() -> Optional.ofNullable(searches).flatMap(TapSearches::found));
  }

  private Optional<OriginAdapters> adapters() {
    return Optional.ofNullable(adapters);
  }

  private Optional<AblatedVariant> ablated(String origin, String model) {
    return adapters().flatMap(all -> all.of(origin, model)).or(() -> variants.of(origin, model));
  }

  /** Begins to look for the origins' ablated variants, once there is a tap to measure them with. */
  private void adapt(OriginTable table) {
    if (!config.ablated().on()) {
      return;
    }
    OriginAdapters.Means means =
        new OriginAdapters.Means(
            vertx,
            asker,
            meters,
            clock,
            engines::tap,
            this::states,
            proxies.killSwitch()::off,
            event -> ledger.feed().announce("adapter", event));
    try {
      adapters = new OriginAdapters(means, config.ablated(), table);
    } catch (IllegalArgumentException e) {
      close();
      throw new CommandFailure(ExitCode.NOT_FITTING, e.getMessage(), e);
    }
    engines.whenLoaded(adapters::begin);
  }

  /** Says or finds out by which tap each origin is watched. */
  private void tap(OriginTable table, Engines by) {
    AgentConfig.Engine engine = config.engine();
    if (engine.states().filter(AgentConfig.States::searched).isPresent()) {
      BooleanSupplier off = proxies.killSwitch()::off;
      searches =
          new TapSearches(
              vertx,
              asker,
              meters,
              TapSearches.Given.of(engine),
              way -> by.states(config, way),
              off,
              table);
      searches.begin();
      return;
    }
    String reader = engine.loadsModel() ? "reader" : "off";
    String tap = engine.states().map(s -> s.source().toString()).orElse(reader);
    table.all().forEach(server -> server.tap(TapChoice.configured(tap)));
  }

  private static String shown(AgentConfig.Listen listen) {
    return listen.host() + ":" + listen.port();
  }

  void load(Engines by) {
    origins.ifPresent(table -> tap(table, by));
    origins.ifPresent(this::adapt);
    engines.load(by);
  }

  /** A port of its own; where nothing else is served it is the agent's only one for clients. */
  private Future<?> deployOip() {
    if (oip.isEmpty()) {
      return Future.succeededFuture();
    }
    AgentConfig.Listen listen = config.oip().orElseThrow().listen();
    OipServer server = oip.get();
    return vertx.deployVerticle(
        () ->
            new InferenceVerticle(
                listen,
                InferenceVerticle.ANY_OIP_PORT,
                ports.secured(server.options()),
                server::handler,
                oipPorts::add,
                ports.oip(),
                ports.accepting()),
        new DeploymentOptions().setInstances(eventLoops));
  }

  private Future<?> deployInference() {
    if (config.onlyOip()) {
      return Future.succeededFuture();
    }
    DeploymentOptions many = new DeploymentOptions().setInstances(eventLoops);
    HttpServerOptions options = ServerSettings.inference(config);
    return vertx.deployVerticle(
        () ->
            new InferenceVerticle(
                config.inference(),
                InferenceVerticle.ANY_INFERENCE_PORT,
                options,
                this::handler,
                inference::add,
                ports.inference(),
                ports.accepting()),
        many);
  }

  private Future<?> deployAdmin() {
    AdminRoutes routes =
        new AdminRoutes(
            vertx,
            meters,
            ledger,
            this::readiness,
            config.limits().exchangesKept(),
            config.origin().map(origin -> proxies.killSwitch()),
            new OriginRoutes(origins),
            new ReloadRoutes(vertx, reloading.map(Reloading::reloader)),
            new TriggerRoutes(triggers),
            new AdapterRoutes(this::adapters),
            new FleetRoutes(vertx, fleet),
            new ArtefactRoutes(engines::cards),
            new TokenRoutes(ledger, config.tokens()),
            new ConsoleRoutes(vertx),
            engines::device,
            () -> engines.models().map(TextModels::models).orElse(List.of()),
            new AdminGuard(access, meters),
            engines::artefacts);
    adminRouter = routes.router();
    HttpServerOptions options = ports.adminOptions();
    PortGuard guard = ports.admin().get();
    return guard
        .guard(vertx, vertx.createHttpServer(options), options, adminRouter)
        .listen(config.admin().port(), config.admin().host())
        .onSuccess(server -> ports.accepting().guard(server.actualPort(), guard, options))
        .onSuccess(admin::add);
  }

  private Handler<HttpServerRequest> handler(Vertx loop) {
    if (config.origin().isPresent()) {
      return new ReverseProxy(loop, proxies, eventLoops);
    }
    GenerationHandler generations =
        new GenerationHandler(
            engines::models,
            ledger,
            live::now,
            new AnswerSettings(meters, clock),
            tracing,
            triggers);
    return new EmbeddedOrigin(engines::models, generations, meters, clock.instant());
  }

  Ledger ledger() {
    return ledger;
  }

  @Override
  public int port() {
    return (config.onlyOip() ? oipPorts : inference).get(0).actualPort();
  }

  @Override
  public OptionalInt oipPort() {
    return oipPorts.stream().mapToInt(HttpServer::actualPort).findFirst();
  }

  @Override
  public int adminPort() {
    return admin.get(0).actualPort();
  }

  @Override
  public void awaitReady() {
    engines.await();
  }

  @Override
  public void awaitStop() throws InterruptedException {
    closed.await();
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      awaitOtherClose();
      return;
    }
    try {
      reloading.ifPresent(Reloading::close);
      fleet.ifPresent(FleetDesk::close);
      engines.stopping();
      long deadline = System.nanoTime() + config.deadlines().shutdown().toNanos();
      Drain.servers(inference, deadline);
      Drain.servers(oipPorts, deadline);
      Drain.exchanges(ledger, deadline);
    } finally {
      owned().forEach(RunningAgent::free);
      closed.countDown();
    }
  }

  /** In the order in which they are freed. */
  private List<AutoCloseable> owned() {
    return List.of(
        asker,
        () -> Optional.ofNullable(searches).ifPresent(TapSearches::close),
        tracing,
        () -> oip.ifPresent(OipServer::close),
        regions,
        engines,
        threads,
        () ->
            vertx
                .close()
                .toCompletionStage()
                .toCompletableFuture()
                .get(END_SECONDS, TimeUnit.SECONDS),
        meters);
  }

  /** What cannot be freed must not keep the rest, or whoever waits for the end. */
  private static void free(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("at the end: {}", e.toString());
    }
  }

  private void awaitOtherClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
