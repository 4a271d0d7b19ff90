package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import dev.plumbline.learn.direction.logistic.DenseFit;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.direction.logistic.LinearModel;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads one checkpoint: probes and information plane of every dimension at every layer. */
public final class CheckpointStudy {
  /** Floats of states held at a time: 1 GiB. More layers are read in several passes. */
  private static final long MOST_FLOATS = 1L << 28;

  private final List<PreparedDimension> dimensions;
  private final DynamicsSettings settings;
  private final List<Integer> layers;

  /**
   * @param layers which blocks, ascending; empty for all
   */
  public CheckpointStudy(
      List<PreparedDimension> dimensions, DynamicsSettings settings, List<Integer> layers) {
    this.dimensions = List.copyOf(dimensions);
    this.settings = settings;
    this.layers = layers.stream().distinct().sorted().toList();
  }

  /**
   * Everything of one model; on the decoder's thread.
   *
   * @param decoder has the checkpoint's adapter, if there is one, as {@link OpenCheckpoint#ADAPTER}
   * @param progress one step a dimension
   */
  public CheckpointReading read(
      CheckpointRef checkpoint, Decoder decoder, TextTokenizer tokenizer, Progress progress) {
    List<CheckpointReading.OfDimension> found = new ArrayList<>();
    Optional<String> worn = checkpoint.adapter().map(folder -> OpenCheckpoint.ADAPTER);
    StatementReader reader = new StatementReader(decoder, tokenizer, worn);
    try (Progress.Task task = progress.begin(checkpoint.name(), dimensions.size())) {
      for (PreparedDimension dimension : dimensions) {
        found.add(read(dimension, reader, decoder));
        task.step(1);
      }
    }
    return new CheckpointReading(checkpoint.name(), checkpoint.step(), found);
  }

  private CheckpointReading.OfDimension read(
      PreparedDimension dimension, StatementReader reader, Decoder decoder) {
    List<Integer> wanted = layers(layers, decoder.shape().layers());
    long perLayer = 2L * dimension.dimension().statements().size() * decoder.shape().hidden();
    int atOnce = (int) Math.max(1, MOST_FLOATS / perLayer);
    List<CheckpointReading.Probe> probes = new ArrayList<>();
    List<CheckpointReading.Plane> planes = new ArrayList<>();
    InformationPlane plane =
        new InformationPlane(
            dimension,
            settings.hsic(),
            reader.read(dimension.dimension(), List.of(0)).at(0, Pooling.LAST));
    for (int from = 0; from < wanted.size(); from += atOnce) {
      List<Integer> some = wanted.subList(from, Math.min(wanted.size(), from + atOnce));
      StatementStates states = reader.read(dimension.dimension(), some);
      some.forEach(layer -> planes.add(plane.at(layer, states.at(layer, Pooling.LAST))));
      probes.addAll(probes(dimension, some, states));
    }
    return new CheckpointReading.OfDimension(dimension.dimension().name(), probes, planes);
  }

  /** The blocks to read of a model that has so many; all where none is named. */
  static List<Integer> layers(List<Integer> layers, int all) {
    layers.forEach(
        layer ->
            Check.that(
                layer >= 0 && layer < all,
                "layers",
                "0 to " + (all - 1),
                layer,
                "name blocks that the model has"));
    return layers.isEmpty() ? IntStream.range(0, all).boxed().toList() : layers;
  }

  private List<CheckpointReading.Probe> probes(
      PreparedDimension dimension, List<Integer> some, StatementStates states) {
    return some.stream()
        .flatMap(
            layer ->
                Arrays.stream(Pooling.values())
                    .map(pooling -> probe(dimension, layer, pooling, states.at(layer, pooling))))
        .toList();
  }

  private CheckpointReading.Probe probe(
      PreparedDimension dimension, int layer, Pooling pooling, double[][] rows) {
    return new CheckpointReading.Probe(
        layer,
        pooling,
        correct(dimension, rows, dimension.fit()),
        pooling == Pooling.LAST ? correct(dimension, rows, dimension.shuffled()) : new int[0]);
  }

  private static int[] correct(PreparedDimension dimension, double[][] rows, GroupedFit fit) {
    return dimension.correct(scores(rows, fit), fit.labels());
  }

  /** Out-of-fold readouts {@code [N]}, each fold standardised on its training rows alone. */
  static double[] scores(double[][] rows, GroupedFit grouped) {
    DenseFit fit = new DenseFit(rows, grouped);
    return grouped.outOfFold(
        fit::design,
        (training, heldOut, ridge) -> {
          LinearModel model = fit.fit(training, ridge);
          return Arrays.stream(heldOut).mapToDouble(i -> model.value(rows[i])).toArray();
        });
  }
}
