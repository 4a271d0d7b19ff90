package dev.plumbline.learn.mitigate;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.Provenance;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.artefact.Sign;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.RunningMean;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.Writers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One direction, mean and spread after every writer. */
final class PlantedArtefact {
  private PlantedArtefact() {}

  static Artefact of(int layers, Direction d, double alignedMean, double alignedSpread) {
    List<TapDirection> directions =
        Writers.of(layers).stream()
            .map(point -> new TapDirection(point, d, alignedMean, alignedSpread))
            .toList();
    return new Artefact(
        Artefact.FORMAT_VERSION,
        "planted",
        Instant.parse("2026-01-31T12:00:00Z"),
        new ModelPin("x", "1", "llama", layers, d.size(), 50, "t", "none", "sha256:00"),
        Set.of(),
        directions,
        new Probe(
            new Readout("probe", Map.of(TapPoint.EMBED, d.components()), 0),
            new RunningMean(),
            new OffsetScale(new double[] {0}, new double[] {1})),
        new Calibration(new Sigmoid(1, 0), 0.5, 0.5, 0.01, 1000, new Checkpoints(8, 8)),
        TokenMask.ANSWER_CONTENT,
        Sign.POSITIVE_IS_MISALIGNED,
        new Provenance("mean", 1, "float32", "prompt", Map.of(), Map.of()),
        new Quality(Map.of(), Map.of()),
        Optional.empty());
  }
}
