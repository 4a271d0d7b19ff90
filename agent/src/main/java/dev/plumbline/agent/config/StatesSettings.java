package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the origin hands over its own hidden states.
 *
 * @param source never off
 * @param tensor the output that holds them
 * @param directory present for files
 * @param servedDirectory the same as the server sees it
 * @param layers the server's, in its order; empty for the direction's own
 * @param reference the origin serves the weights the direction was learned on
 * @param patience wait for a file
 * @param orphanAge of files to delete
 * @param bytes of one answer's states
 * @param sharedMemory whether tensors may be read and changed in regions that clients register
 */
public record StatesSettings(
    StatesSource source,
    String tensor,
    Optional<Path> directory,
    Optional<String> servedDirectory,
    List<Integer> layers,
    boolean reference,
    Duration patience,
    Duration orphanAge,
    int bytes,
    boolean sharedMemory) {
  public StatesSettings {
    layers = List.copyOf(layers);
  }

  /** The same by another way. */
  public StatesSettings by(StatesSource other) {
    return new StatesSettings(
        other,
        tensor,
        directory,
        servedDirectory,
        layers,
        reference,
        patience,
        orphanAge,
        bytes,
        sharedMemory);
  }

  /** Whether the way is to be found out. */
  public boolean searched() {
    return source == StatesSource.AUTO;
  }

  /**
   * @param source never off
   */
  static StatesSettings of(StatesSource source, Values values) {
    List<?> layers = values.find(Key.STATES_LAYERS, List.class).orElse(List.of());
    return new StatesSettings(
        source,
        values.get(Key.STATES_TENSOR, String.class),
        values.find(Key.STATES_DIRECTORY, Path.class),
        values.find(Key.STATES_SERVED_DIRECTORY, String.class),
        layers.stream().map(Integer.class::cast).toList(),
        values.get(Key.STATES_REFERENCE, Boolean.class),
        values.get(Key.STATES_PATIENCE, Duration.class),
        values.get(Key.STATES_ORPHAN_AGE, Duration.class),
        values.get(Key.STATES_BYTES, Integer.class),
        values.get(Key.STATES_SHARED_MEMORY, Boolean.class));
  }
}
