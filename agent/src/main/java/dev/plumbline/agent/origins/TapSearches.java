package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.EngineSettings;
import dev.plumbline.agent.config.StatesSettings;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.agent.tap.states.StatesScoring;
import io.vertx.core.Context;
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
  private final OriginTable origins;
  private final Map<String, TapSearch> searches = new LinkedHashMap<>();

  /**
   * What there is to search with.
   *
   * @param directory whether {@code states.directory} is set
   * @param bytes of one answer's states
   * @param reader whether a reader is configured
   * @param tensor the output that holds them where they travel as tensors
   * @param scores whether own states give a score
   */
  public record Given(boolean directory, int bytes, String tensor, boolean reader, boolean scores) {
    /** What the configuration gives. */
    public static Given of(EngineSettings engine) {
      StatesSettings states = engine.states().orElseThrow();
      return new Given(
          states.directory().isPresent(),
          states.bytes(),
          states.tensor(),
          engine.loadsModel(),
          states.reference());
    }
  }

  /**
   * @param opener opens a tap by one way; may block, and throws where the artefact does not fit
   * @param off whether the agent is switched off
   */
  public TapSearches(
      Vertx vertx,
      Asker asker,
      Meters meters,
      Given given,
      Function<StatesSource, StatesScoring> opener,
      BooleanSupplier off,
      OriginTable origins) {
    this.vertx = vertx;
    this.origins = origins;
    TapSearch.Means means =
        new TapSearch.Means(
            vertx,
            asker,
            meters,
            new TapTrial(vertx, asker, Math.min(MOST_BYTES, given.bytes())),
            opener,
            off,
            given.directory(),
            given.tensor(),
            given.reader(),
            given.scores());
    origins.all().forEach(o -> searches.put(o.name(), new TapSearch(o, means)));
  }

  /** Begins them, each by itself. */
  public void begin() {
    Context loop = vertx.getOrCreateContext();
    searches.forEach(
        (name, search) -> {
          origins.get(name).whenHealthy(() -> loop.runOnContext(v -> search.begin()));
          loop.runOnContext(v -> search.begin());
        });
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
