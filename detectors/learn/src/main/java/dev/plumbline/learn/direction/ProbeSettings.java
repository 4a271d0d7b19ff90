package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.pooling.Pooling;
import dev.plumbline.core.pooling.RunningMean;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a probe is learned and calibrated.
 *
 * @param candidates tap points to choose from, alone and the best two and three together
 * @param ridges candidates of λ, see {@link
 *     dev.plumbline.learn.direction.logistic.LogisticRegression}
 * @param folds of the prompt-grouped cross-validation
 * @param checkpoints prefixes a stream is checked at
 * @param alpha nominal false-positive rate of both thresholds
 * @param fewestPerOffset aligned answers that an offset's scale must rest on
 * @param fewestCalibration aligned answers that the thresholds must rest on
 * @param seed of the folds
 * @param pooling how an answer's readouts become one number; also what the thresholds hold for
 */
public record ProbeSettings(
    List<TapPoint> candidates,
    List<Double> ridges,
    int folds,
    Checkpoints checkpoints,
    double alpha,
    int fewestPerOffset,
    int fewestCalibration,
    long seed,
    Pooling pooling) {
  /** The same with a running mean. */
  public ProbeSettings(
      List<TapPoint> candidates,
      List<Double> ridges,
      int folds,
      Checkpoints checkpoints,
      double alpha,
      int fewestPerOffset,
      int fewestCalibration,
      long seed) {
    this(
        candidates,
        ridges,
        folds,
        checkpoints,
        alpha,
        fewestPerOffset,
        fewestCalibration,
        seed,
        new RunningMean());
  }

  public ProbeSettings {
    candidates = candidates.stream().distinct().sorted().toList();
    ridges = List.copyOf(ridges);
    Check.that(
        !candidates.isEmpty(), "probe candidates", "1 or more tap points", "none", "name some");
    Check.that(!ridges.isEmpty(), "probe ridges", "1 or more", "none", "name some");
    ridges.forEach(ridge -> Check.positive(ridge, "probe ridge"));
    Check.that(folds >= 2, "probe folds", "2 or more", folds, "raise it");
    Check.openUnit(alpha, "alpha");
  }

  /** The defaults for L layers: after every layer, α 0.01 on 1,000 exchanges or more. */
  public static ProbeSettings of(int layers, Checkpoints checkpoints, long seed) {
    return new ProbeSettings(
        IntStream.range(0, layers).mapToObj(TapPoint::residPost).toList(),
        List.of(1e-4, 1e-3, 1e-2, 1e-1),
        5,
        checkpoints,
        0.01,
        30,
        1000,
        seed);
  }

  /** The same with other bounds on how few answers will do. */
  public ProbeSettings fewest(int perOffset, int calibration) {
    return new ProbeSettings(
        candidates, ridges, folds, checkpoints, alpha, perOffset, calibration, seed, pooling);
  }

  /** The same with another nominal false-positive rate. */
  public ProbeSettings alpha(double other) {
    return new ProbeSettings(
        candidates,
        ridges,
        folds,
        checkpoints,
        other,
        fewestPerOffset,
        fewestCalibration,
        seed,
        pooling);
  }

  /** The same with another pooling. */
  public ProbeSettings pooling(Pooling other) {
    return new ProbeSettings(
        candidates,
        ridges,
        folds,
        checkpoints,
        alpha,
        fewestPerOffset,
        fewestCalibration,
        seed,
        other);
  }

  double[] ridgeArray() {
    return ridges.stream().mapToDouble(ridge -> ridge).toArray();
  }
}
