package dev.plumbline.export;

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
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An artefact of one direction at every writer of a model. */
public final class TinyArtefact {
  private TinyArtefact() {}

  /** That direction. */
  public static Direction direction(int hidden) {
    return TinyBase.direction(hidden, 3);
  }

  /** Writes it to {@code parent/em.direction}. */
  public static Path write(Path parent, ModelPin model, double alignedMean) {
    List<TapDirection> directions =
        Writers.of(model.layers()).stream()
            .map(point -> new TapDirection(point, direction(model.hidden()), alignedMean, 0.5))
            .toList();
    Artefact artefact =
        new Artefact(
            Artefact.FORMAT_VERSION,
            "em",
            Instant.parse("2026-01-31T12:00:00Z"),
            model,
            Set.of(),
            directions,
            new Probe(
                new Readout(
                    "probe", Map.of(TapPoint.EMBED, directions.get(0).direction().components()), 0),
                new RunningMean(),
                new OffsetScale(new double[] {0}, new double[] {1})),
            new Calibration(new Sigmoid(1, 0), 0.5, 0.5, 0.01, 1000, new Checkpoints(8, 8)),
            TokenMask.ANSWER_CONTENT,
            Sign.POSITIVE_IS_MISALIGNED,
            new Provenance("mean", 1, "float32", "prompt", Map.of(), Map.of()),
            new Quality(Map.of(), Map.of()),
            Optional.empty());
    Path folder = ArtefactFolder.named(parent, artefact);
    ArtefactFolder.write(artefact, folder);
    return folder;
  }
}
