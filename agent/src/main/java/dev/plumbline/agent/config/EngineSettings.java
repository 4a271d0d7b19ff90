package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the engine in this process loads; with an origin it reads, without one it serves.
 *
 * @param directions read beside {@code direction}, by name
 * @param ablation what mode {@code ablate} does
 */
public record EngineSettings(
    Optional<Path> model,
    boolean organism,
    Optional<Path> direction,
    Map<String, Path> adapters,
    String dtype,
    int threads,
    int queue,
    int readerCacheMib,
    Optional<StatesSettings> states,
    String device,
    Map<String, Path> directions,
    Batches batches,
    Ablation ablation) {
  /**
   * How texts share a pass of the reader.
   *
   * @param tokens the most of one pass, unless one text alone is longer
   * @param delay how long a text may wait for others
   */
  public record Batches(int tokens, Duration delay) {}

  public EngineSettings {
    adapters = Map.copyOf(adapters);
    directions = Map.copyOf(directions);
  }

  EngineSettings withDirection(Path folder) {
    return new EngineSettings(
        model,
        organism,
        Optional.of(folder),
        adapters,
        dtype,
        threads,
        queue,
        readerCacheMib,
        states,
        device,
        directions,
        batches,
        ablation);
  }

  /** Whether there is anything to load at all. */
  public boolean wanted() {
    return loadsModel() || states.isPresent();
  }

  /** Whether a model is among it. */
  public boolean loadsModel() {
    return organism || model.isPresent();
  }

  static EngineSettings of(Values values) {
    return new EngineSettings(
        values.find(Key.MODEL, Path.class),
        values.get(Key.ORGANISM, Boolean.class),
        values.find(Key.DIRECTION, Path.class),
        values.all(Family.ADAPTER, Path.class),
        values.get(Key.DTYPE, String.class),
        values.get(Key.THREADS, Integer.class),
        values.get(Key.GENERATION_QUEUE, Integer.class),
        values.get(Key.READER_CACHE, Integer.class),
        Optional.of(values.get(Key.STATES_TAP, StatesSource.class))
            .filter(source -> source != StatesSource.OFF)
            .map(source -> StatesSettings.of(source, values)),
        values.get(Key.DEVICE, String.class),
        values.all(Family.DIRECTION, Path.class),
        new Batches(
            values.get(Key.SCORING_BATCH_TOKENS, Integer.class),
            values.get(Key.SCORING_BATCH_DELAY, Duration.class)),
        Ablation.of(values));
  }
}
