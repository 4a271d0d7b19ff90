package dev.plumbline.agent.bench;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.ModelShift;
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
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * An artefact that has learned nothing: a random direction of the width of a production model (L =
 * 32, D = 4096), read at one tap point. For measuring speed only.
 */
final class PlantedArtefact {
  static final int HIDDEN = 4096;

  private static final int LAYERS = 32;
  private static final TapPoint POINT = TapPoint.residPost(LAYERS / 2);

  private PlantedArtefact() {}

  /** Writes it into a folder and returns its path. */
  static Path write(Path folder) {
    Path path = folder.resolve("planted.direction");
    ArtefactFolder.write(artefact(), path);
    return path;
  }

  private static Artefact artefact() {
    float[] weights = new float[HIDDEN];
    Random random = new Random(1);
    for (int i = 0; i < HIDDEN; i++) {
      weights[i] = (float) (random.nextGaussian() / Math.sqrt(HIDDEN));
    }
    return new Artefact(
        Artefact.FORMAT_VERSION,
        "planted",
        Instant.EPOCH,
        new ModelPin("planted", "1", "llama", LAYERS, HIDDEN, 1, "none", "none", "none"),
        Set.of(),
        List.of(new TapDirection(POINT, Direction.of(weights), 0, 1)),
        new Probe(
            new Readout("planted", Map.of(POINT, weights), 0),
            new RunningMean(),
            new OffsetScale(new double[] {0}, new double[] {1})),
        new Calibration(new Sigmoid(1, 0), 0.9, 0.95, 0.01, 1000, Checkpoints.EVERY_TOKEN),
        TokenMask.ANSWER_CONTENT,
        Sign.POSITIVE_IS_MISALIGNED,
        new Provenance("random", 1, "float32", "none", Map.of(), Map.of()),
        new Quality(Map.of(), Map.of()),
        Optional.of(new ModelShift(POINT, 0, 1, 1)));
  }
}
