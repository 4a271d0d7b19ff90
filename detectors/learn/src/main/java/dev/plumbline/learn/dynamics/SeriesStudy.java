package dev.plumbline.learn.dynamics;

import ai.djl.Device;
import dev.plumbline.core.Check;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.runtime.Precision;
import java.util.List;

/**
 * Reads a series of checkpoints, one open at a time. Every part is a record that can be a stage of
 * a job.
 */
public final class SeriesStudy {
  private final List<PreparedDimension> dimensions;
  private final DynamicsSettings settings;
  private final List<Integer> layers;
  private final Precision precision;
  private final Device device;

  /**
   * @param layers which blocks; empty for all
   */
  public SeriesStudy(
      List<Dimension> dimensions,
      DynamicsSettings settings,
      List<Integer> layers,
      Precision precision,
      Device device) {
    long names = dimensions.stream().map(Dimension::name).distinct().count();
    Check.that(
        !dimensions.isEmpty() && names == dimensions.size(),
        "dimensions",
        "1 or more, names distinct",
        dimensions.stream().map(Dimension::name).toList(),
        "name them once each");
    this.dimensions =
        dimensions.stream().map(each -> new PreparedDimension(each, settings)).toList();
    this.settings = settings;
    this.layers = List.copyOf(layers);
    this.precision = precision;
    this.device = device;
  }

  public List<PreparedDimension> dimensions() {
    return dimensions;
  }

  /** What one checkpoint shows. */
  public CheckpointReading read(CheckpointRef checkpoint, Progress progress) {
    try (OpenCheckpoint open =
        OpenCheckpoint.open(checkpoint.path(), checkpoint.adapter(), precision, device)) {
      return new CheckpointStudy(dimensions, settings, layers)
          .read(checkpoint, open.decoder(), open.tokenizer(), progress);
    }
  }

  /** The whole series. */
  public Trajectories trajectories(
      List<Surface.OfDimension> surface, List<CheckpointReading> readings) {
    return new Trajectories(dimensions, surface, readings, settings.seed());
  }
}
