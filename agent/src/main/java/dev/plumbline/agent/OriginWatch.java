package dev.plumbline.agent;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.ablation.FoundVariants;
import dev.plumbline.agent.adapters.OriginAdapters;
import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.EngineSettings;
import dev.plumbline.agent.config.StatesSettings;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.enforce.KillSwitch;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.origins.HealthChecks;
import dev.plumbline.agent.origins.OriginModels;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.origins.TapChoice;
import dev.plumbline.agent.origins.TapSearches;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What an agent finds out about the servers behind it: how they are, what they serve, by which tap
 * each is watched, and who of them answers without the direction. Without an origin it does
 * nothing. Thread-safe.
 */
final class OriginWatch implements AutoCloseable {
  private final AgentConfig config;
  private final Optional<OriginTable> origins;
  private final EngineRoom engines;
  private final AblatedVariants variants;
  private final KillSwitch killSwitch;
  private final Meters meters;
  private final Clock clock;

  /** Where taps are to be found out; null before, and for good where they are configured. */
  private volatile TapSearches searches;

  /** The origins' ablated variants; null before they are begun with, and where there are none. */
  private volatile OriginAdapters adapters;

  /**
   * @param variants who answers without the direction, beside those of the configuration
   */
  OriginWatch(
      AgentConfig config,
      Optional<OriginTable> origins,
      EngineRoom engines,
      AblatedVariants variants,
      KillSwitch killSwitch,
      Meters meters,
      Clock clock) {
    this.config = config;
    this.origins = origins;
    this.engines = engines;
    this.variants = variants;
    this.killSwitch = killSwitch;
    this.meters = meters;
    this.clock = clock;
  }

  /** Asks the origins what they serve when a name is met that is not known. */
  void learnNames(Vertx vertx, Asker asker, LabelNames models) {
    origins
        .filter(table -> config.labels().askOrigins())
        .map(table -> new OriginModels(vertx, asker, table, models::admit, killSwitch::off))
        .ifPresent(lists -> models.whenWanted(lists::wanted));
  }

  /** Begins to look how they are. */
  void health(Vertx vertx, Asker asker) {
    Duration interval = config.origins().healthInterval();
    origins.ifPresent(
        table ->
            config
                .origins()
                .healthPath()
                .ifPresent(path -> HealthChecks.start(vertx, asker, table, path, interval)));
  }

  /**
   * Begins to look by which taps they are watched, and for their ablated variants once there is a
   * tap to measure them with.
   *
   * @param by makes taps
   * @param events is told of adapters, as JSON by the event's name
   * @throws CommandFailure where the variants' files do not fit
   */
  void begin(Vertx vertx, Asker asker, Engines by, BiConsumer<String, String> events) {
    origins.ifPresent(table -> tap(vertx, asker, table, by));
    origins
        .filter(table -> config.ablated().on())
        .ifPresent(table -> adapt(vertx, asker, table, events));
  }

  /** Says or finds out by which tap each origin is watched. */
  private void tap(Vertx vertx, Asker asker, OriginTable table, Engines by) {
    EngineSettings engine = config.engine();
    if (engine.states().filter(StatesSettings::searched).isEmpty()) {
      String reader = engine.loadsModel() ? "reader" : "off";
      String tap = engine.states().map(s -> s.source().toString()).orElse(reader);
      table.all().forEach(server -> server.tap(TapChoice.configured(tap)));
      return;
    }
    searches =
        new TapSearches(
            vertx,
            asker,
            meters,
            TapSearches.Given.of(engine),
            way -> by.states(config, way),
            killSwitch::off,
            table);
    searches.begin();
  }

  private void adapt(
      Vertx vertx, Asker asker, OriginTable table, BiConsumer<String, String> events) {
    OriginAdapters.Means means =
        new OriginAdapters.Means(
            vertx,
            asker,
            meters,
            clock,
            engines::tap,
            this::states,
            killSwitch::off,
            event -> events.accept("adapter", event));
    try {
      adapters = new OriginAdapters(means, config.ablated(), table);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.NOT_FITTING, e.getMessage(), e);
    }
    engines.whenLoaded(adapters::begin);
  }

  /** The configured tap on the origins' states, or those that were found. */
  Optional<StatesByOrigin> states() {
    return engines
        .states()
        .map(StatesByOrigin::all)
        .or(() -> Optional.ofNullable(searches).flatMap(TapSearches::found));
  }

  Optional<OriginAdapters> adapters() {
    return Optional.ofNullable(adapters);
  }

  /** Who answers without the direction. */
  AblatedVariants variants() {
    return new FoundVariants(this::adapters, variants);
  }

  /** An origin did not know its ablated variant. */
  void missed(String origin) {
    adapters().ifPresent(all -> all.missed(origin));
  }

  @Override
  public void close() {
    Optional.ofNullable(searches).ifPresent(TapSearches::close);
  }
}
