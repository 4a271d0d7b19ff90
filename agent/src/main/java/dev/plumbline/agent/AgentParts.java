package dev.plumbline.agent;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.admin.AdminAccess;
import dev.plumbline.agent.admin.TriggerRoutes;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.config.LiveConfig;
import dev.plumbline.agent.config.StatesSettings;
import dev.plumbline.agent.config.TriggerSettings;
import dev.plumbline.agent.enforce.KillSwitch;
import dev.plumbline.agent.enforce.trigger.LiveTriggers;
import dev.plumbline.agent.enforce.trigger.TriggerEvent;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.fleet.Fleet;
import dev.plumbline.agent.fleet.FleetDesk;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.oip.OipServer;
import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.proxy.DeclaredTensors;
import dev.plumbline.agent.proxy.OriginRegions;
import dev.plumbline.agent.proxy.Passages;
import dev.plumbline.agent.proxy.ReverseProxy;
import dev.plumbline.agent.proxy.TokenIdOffers;
import dev.plumbline.agent.scoring.Ledger;
import dev.plumbline.agent.scoring.ScoringDesk;
import dev.plumbline.agent.shm.Regions;
import dev.plumbline.agent.tracing.OtlpTracing;
import dev.plumbline.agent.tracing.Tracing;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What an agent is made of, put together in this one place, in the order in which the parts need
 * each other. Nothing is bound or loaded yet.
 */
final class AgentParts {
  /** Model names with a label of their own. */
  private static final int MAX_MODEL_LABELS = 32;

  private static final int END_SECONDS = 10;

  final AgentConfig config;
  final LiveConfig live;
  final Clock clock = Clock.systemUTC();
  final Meters meters = new Meters();
  final int eventLoops = Math.max(1, Runtime.getRuntime().availableProcessors());
  final ScoringThreads threads = new ScoringThreads();
  final LabelNames models;
  final Ledger ledger;
  final KillSwitch killSwitch;
  final EngineRoom engines;
  final Optional<OriginTable> origins;
  final OriginWatch watch;
  final Optional<FleetDesk> fleet;
  final Triggers triggers;
  final Tracing tracing;
  final Optional<OipServer> oip;
  final OriginRegions regions;
  final ReverseProxy.Shared proxies;
  final AgentPorts ports;
  final Vertx vertx;
  final Asker asker;
  final AdminAccess access;

  /**
   * @param variants who answers without the direction, beside those of the configuration
   * @param fleets makes the way to other agents
   */
  AgentParts(AgentConfig config, AblatedVariants variants, Function<FleetSettings, Fleet> fleets) {
    this.config = config;
    this.live = new LiveConfig(config);
    this.models = labels();
    AgentConfig.Limits limits = config.limits();
    this.ledger =
        new Ledger(meters, models, clock, limits.exchangesKept(), limits.eventSubscribers());
    Triggers own =
        config
            .triggers()
            .<Triggers>map(t -> new LiveTriggers(t, models, meters, clock, this::announce))
            .orElse(Triggers.NONE);
    this.killSwitch = new KillSwitch(meters, clock, config.control().off());
    this.engines = new EngineRoom(config, meters);
    this.origins =
        config
            .origin()
            .map(o -> new OriginTable(config.origins(), meters, clock, System::nanoTime));
    this.watch = new OriginWatch(config, origins, engines, variants, killSwitch, meters, clock);
    this.fleet = config.fleet().map(asked -> desk(asked, own, fleets));
    this.triggers = fleet.map(FleetDesk::triggers).orElse(own);
    ledger.feeds(triggers);
    ledger.keepsTokens(config.tokens().exchanges());
    this.tracing = config.tracing().map(t -> OtlpTracing.start(t, meters)).orElse(Tracing.OFF);
    this.oip =
        config.oip().map(port -> new OipServer(config, port, engines::oip, ledger, meters, clock));
    this.regions = regions();
    this.proxies = proxies();
    this.ports = new AgentPorts(config, meters);
    this.vertx =
        Vertx.builder()
            .with(new VertxOptions().setDisableTCCL(true).setEventLoopPoolSize(eventLoops + 1))
            .withTransport(ports.accepting().transport())
            .build();
    this.asker = new Asker(vertx, config.origins().all());
    this.access = new AdminAccess(config.security().admin());
    watch.learnNames(vertx, asker, models);
    new ArtefactMeters(meters).build();
  }

  private LabelNames labels() {
    LabelNames names = new LabelNames(MAX_MODEL_LABELS);
    config.modes().perModel().keySet().forEach(names::admit);
    config.labels().models().forEach(names::admit);
    return names;
  }

  private void announce(TriggerEvent event) {
    ledger.feed().announce("trigger", TriggerRoutes.event(event));
  }

  private FleetDesk desk(FleetSettings asked, Triggers own, Function<FleetSettings, Fleet> fleets) {
    FleetHost host =
        new FleetHost(live::now, engines, ledger, killSwitch, own, models, watch::adapters);
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

  private OriginRegions regions() {
    return new OriginRegions(
        Regions.FOLDER,
        config.engine().states().filter(StatesSettings::sharedMemory).map(StatesSettings::bytes),
        meters);
  }

  private ScoringDesk scoring() {
    return new ScoringDesk(
        config.limits().scoringQueue(),
        () -> live.now().deadlines().scoring(),
        threads.workers(),
        threads.scheduler(),
        meters);
  }

  private ReverseProxy.Shared proxies() {
    return new ReverseProxy.Shared(
        config,
        live::now,
        ledger,
        meters,
        scoring(),
        engines::tap,
        watch::states,
        new Passages(meters),
        killSwitch,
        origins,
        regions,
        new DeclaredTensors(meters, System::nanoTime),
        tracing,
        watch.variants(),
        watch::missed,
        triggers,
        new TokenIdOffers(System::nanoTime));
  }

  /** In the order in which they are freed. */
  List<AutoCloseable> owned() {
    return List.of(
        asker,
        watch,
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
}
