package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.agent.tap.states.StatesScoring;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The searches for the taps of all origins. Owns the taps that were found. Thread-safe. */
public final class TapSearches implements StatesByOrigin, AutoCloseable {
  private static final int MOST_BYTES = 64 << 20;

  private final Vertx vertx;
  private final Map<String, TapSearch> searches = new LinkedHashMap<>();

  /**
   * @param opener opens a tap by one way; may block, and throws where the artefact does not fit
   * @param off whether the agent is switched off
   */
  public TapSearches(
      Vertx vertx,
      Asker asker,
      Meters meters,
      AgentConfig.Engine engine,
      Function<StatesSource, StatesScoring> opener,
      BooleanSupplier off,
      OriginTable origins) {
    this.vertx = vertx;
    AgentConfig.States states = engine.states().orElseThrow();
    TapSearch.Means means =
        new TapSearch.Means(
            vertx,
            asker,
            meters,
            new TapTrial(vertx, asker, Math.min(MOST_BYTES, states.bytes())),
            opener,
            off,
            states.directory().isPresent(),
            engine.loadsModel(),
            states.reference());
    origins.all().forEach(o -> searches.put(o.name(), new TapSearch(o, means)));
  }

  /** Begins them, each by itself. */
  public void begin() {
    vertx.runOnContext(v -> searches.values().forEach(TapSearch::begin));
  }

  /** Whether any origin's own states are taken; without, no request need be waited for. */
  public Optional<StatesByOrigin> found() {
    return searches.values().stream().anyMatch(s -> s.found().isPresent())
        ? Optional.of(this)
        : Optional.empty();
  }

  @Override
  public Optional<StatesScoring> of(String origin) {
    return Optional.ofNullable(searches.get(origin)).flatMap(TapSearch::found);
  }

  @Override
  public void close() {
    searches.values().forEach(TapSearch::close);
  }
}
