package dev.plumbline.agent.tap.states;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.Fit;
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
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.pooling.RunningMean;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.DirectionalAblation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Artefacts for a model of L = 4, D = 8, that read at one tap point. */
public final class StatesArtefacts {
  public static final int LAYERS = 4;
  public static final int HIDDEN = 8;

  /** Weights that no permutation of a state's numbers leaves alone. */
  private static final float[] WEIGHTS = {0.5f, -1, 0.25f, 2, -0.125f, 1, 0.75f, -0.5f};

  private static final float[] DIRECTION = {1, 2, -1, 0.5f, 0.25f, -2, 1, 3};

  private StatesArtefacts() {}

  /** With a score threshold in the middle, and a baseline of model shift. */
  public static Artefact at(TapPoint point) {
    return at(point, TokenMask.ANSWER_CONTENT, true);
  }

  /** One whose aligned states do not lie at 0 along the direction. */
  public static Artefact at(TapPoint point, double alignedMean) {
    return at(point, TokenMask.ANSWER_CONTENT, true, alignedMean);
  }

  /** What takes its direction out, in float64. */
  public static double[] ablated(float[] state, double alignedMean) {
    double[] hidden = new double[HIDDEN];
    for (int i = 0; i < HIDDEN; i++) {
      hidden[i] = state[i];
    }
    return DirectionalAblation.affine(Direction.of(DIRECTION), alignedMean).apply(hidden);
  }

  public static Artefact at(TapPoint point, TokenMask mask, boolean shift) {
    return at(point, mask, shift, 0);
  }

  private static Artefact at(TapPoint point, TokenMask mask, boolean shift, double alignedMean) {
    return new Artefact(
        Artefact.FORMAT_VERSION,
        "planted",
        Instant.EPOCH,
        new ModelPin("m", "1", "llama", LAYERS, HIDDEN, 100, "tok", "tmpl", "weights"),
        Set.of("calibrated"),
        List.of(new TapDirection(point, Direction.of(DIRECTION), alignedMean, 1)),
        new Probe(
            new Readout("planted", Map.of(point, WEIGHTS), 0.5),
            mask == TokenMask.LAST_PROMPT_TOKEN ? new LastPromptToken() : new RunningMean(),
            new OffsetScale(new double[] {0.25, 0.5}, new double[] {2, 1.5})),
        new Calibration(new Sigmoid(1, 0), 0.5, 0.6, 0.01, 1000, Checkpoints.EVERY_TOKEN),
        mask,
        Sign.POSITIVE_IS_MISALIGNED,
        new Provenance("mean_difference", 1, "float32", "prompt", Map.of(), Map.of()),
        new Quality(Map.of(), Map.of()),
        shift ? Optional.of(new ModelShift(point, 0.125, 0.5, 1)) : Optional.empty());
  }

  /** A scorer where the served weights are the reference's. */
  public static StatesScorer scorer(TapPoint point) {
    return StatesScorer.of(at(point), new Fit.Exact(), List.of(point));
  }

  /** The readout of the probe, by hand. */
  static double readout(float[] state) {
    double sum = 0.5;
    for (int i = 0; i < HIDDEN; i++) {
      sum += (double) WEIGHTS[i] * state[i];
    }
    return sum;
  }

  /** The projection on the direction, by hand. */
  static double projection(float[] state) {
    double norm = 0;
    double sum = 0;
    for (int i = 0; i < HIDDEN; i++) {
      norm += (double) DIRECTION[i] * DIRECTION[i];
      sum += (double) DIRECTION[i] * state[i];
    }
    return sum / Math.sqrt(norm);
  }
}
