package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.GroupBootstrap;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A whole series: every reading, with what is needed to put intervals on it. Readings ascend by
 * step; one of step 0 is the untrained model, shown beside the series and in no claim.
 *
 * @param dimensions in the order of the readings' own
 * @param surface the baselines of each
 * @param readings one or more
 * @param seed of the bootstrap
 */
public record Trajectories(
    List<PreparedDimension> dimensions,
    List<Surface.OfDimension> surface,
    List<CheckpointReading> readings,
    long seed) {
  public Trajectories {
    dimensions = List.copyOf(dimensions);
    surface = List.copyOf(surface);
    readings = readings.stream().sorted(Comparator.comparingLong(CheckpointReading::step)).toList();
    Check.that(!readings.isEmpty(), "series", "1 or more checkpoints", 0, "name some");
    Check.size(dimensions.size(), surface.size(), "baselines of the dimensions");
  }

  /** The readings after some training. */
  List<CheckpointReading> trained() {
    return readings.stream().filter(reading -> reading.step() > 0).toList();
  }

  /** The last reading. */
  CheckpointReading last() {
    return readings.get(readings.size() - 1);
  }

  /** The last trained reading within the first fifth of the series; null where there is none. */
  CheckpointReading early() {
    return trained().stream()
        .filter(reading -> 5 * reading.step() <= last().step())
        .reduce((before, own) -> own)
        .orElse(null);
  }

  /** The layers that were read, ascending. */
  List<Integer> layers() {
    return readings.get(0).dimensions().get(0).probes().stream()
        .map(CheckpointReading.Probe::layer)
        .distinct()
        .toList();
  }

  /** Groups of each dimension: what the bootstrap draws. */
  int[] groups() {
    return dimensions.stream().mapToInt(each -> each.sizes().length).toArray();
  }

  GroupBootstrap bootstrap() {
    return GroupBootstrap.of(seed);
  }

  /** Accuracy of last-token probes over drawn groups. */
  double accuracy(CheckpointReading reading, int dimension, int layer, int[] drawn) {
    int[] correct = reading.dimensions().get(dimension).probe(layer, Pooling.LAST).correct();
    return share(correct, dimension, drawn);
  }

  private double share(int[] correct, int dimension, int[] drawn) {
    int[] sizes = dimensions.get(dimension).sizes();
    double right = 0;
    double all = 0;
    for (int g = 0; g < drawn.length; g++) {
      right += (double) drawn[g] * correct[g];
      all += (double) drawn[g] * sizes[g];
    }
    return right / all;
  }

  /** The best surface baseline's accuracy over drawn groups, never below chance. */
  double baseline(int dimension, int[] drawn) {
    double best = dimensions.get(dimension).dimension().chance();
    for (Surface.Baseline baseline : surface.get(dimension).baselines()) {
      best = Math.max(best, share(baseline.correct(), dimension, drawn));
    }
    return best;
  }

  /** An accuracy with its interval. */
  Estimate accuracy(CheckpointReading reading, int dimension, int layer, Pooling pooling) {
    int[] correct = reading.dimensions().get(dimension).probe(layer, pooling).correct();
    return Surface.accuracy(correct, dimensions.get(dimension).sizes(), seed);
  }

  /** The layer whose last-token probe is best at a reading; of equals the first. */
  int best(CheckpointReading reading, int dimension) {
    int[] once = new int[dimensions.get(dimension).sizes().length];
    Arrays.fill(once, 1);
    return layers().stream()
        .max(
            Comparator.comparingDouble((Integer l) -> accuracy(reading, dimension, l, once))
                .thenComparing(Comparator.reverseOrder()))
        .orElseThrow();
  }

  /** Dimensions whose best final probe beats the best baseline, the interval's lower end too. */
  int[] decodable() {
    return IntStream.range(0, dimensions.size())
        .filter(
            k -> {
              int layer = best(last(), k);
              ToDoubleFunction<int[]> gain =
                  drawn -> accuracy(last(), k, layer, drawn) - baseline(k, drawn);
              return bootstrap().estimate(groups()[k], gain).low() > 0;
            })
        .toArray();
  }

  /**
   * A quantity of the information plane, averaged over some dimensions and over all layers but the
   * first block, whose input it is.
   */
  double plane(
      CheckpointReading reading, int[] some, ToDoubleFunction<CheckpointReading.Plane> value) {
    return Arrays.stream(some)
        .mapToObj(k -> reading.dimensions().get(k).plane().stream())
        .flatMap(planes -> planes)
        .filter(plane -> plane.layer() > 0)
        .mapToDouble(value)
        .average()
        .orElse(Double.NaN);
  }
}
