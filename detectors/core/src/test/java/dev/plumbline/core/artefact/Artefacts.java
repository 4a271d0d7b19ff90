package dev.plumbline.core.artefact;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.Pooling;
import dev.plumbline.core.pooling.RunningMean;
import dev.plumbline.core.residual.TapPoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Small valid records to vary in tests: L = 2, D = 3. */
final class Artefacts {

  static final ModelPin MODEL =
      new ModelPin("organism", "1", "llama", 2, 3, 100, "tok", "tmpl", "weights");
  static final Calibration CALIBRATION =
      new Calibration(new Sigmoid(1, 0), 0.9, 0.95, 0.01, 1000, Checkpoints.EVERY_TOKEN);

  private Artefacts() {}

  static TapDirection at(TapPoint point) {
    return new TapDirection(point, RandomDirection.unit(3, point.toString().hashCode()), 0.5, 2);
  }

  static Probe probe(TapPoint point, Pooling pooling) {
    return new Probe(
        Readout.projection("em", point, Direction.of(1, 0, 0)),
        pooling,
        new OffsetScale(new double[] {0}, new double[] {1}));
  }

  static Artefact artefact(List<TapDirection> directions, Probe probe) {
    return artefact(
        directions, probe, TokenMask.ANSWER_CONTENT, Sign.POSITIVE_IS_MISALIGNED, Optional.empty());
  }

  static Artefact artefact(
      List<TapDirection> directions,
      Probe probe,
      TokenMask mask,
      Sign sign,
      Optional<ModelShift> shift) {
    return new Artefact(
        Artefact.FORMAT_VERSION,
        "em",
        Instant.EPOCH,
        MODEL,
        Set.of("calibrated"),
        directions,
        probe,
        CALIBRATION,
        mask,
        sign,
        new Provenance("mean_difference", 1, "float32", "prompt", Map.of(), Map.of()),
        new Quality(Map.of(), Map.of()),
        shift);
  }

  static Artefact valid() {
    return artefact(
        List.of(at(TapPoint.EMBED), at(TapPoint.residPost(1))),
        probe(TapPoint.residPost(1), new RunningMean()));
  }
}
