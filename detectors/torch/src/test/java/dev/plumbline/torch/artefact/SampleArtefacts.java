package dev.plumbline.torch.artefact;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.Figure;
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
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.ExponentialMean;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Artefacts whose every number has all its digits. */
final class SampleArtefacts {
  static final int HIDDEN = 7;

  private SampleArtefacts() {}

  static Artefact full(long seed) {
    Random random = new Random(seed);
    return artefact(random, Optional.of(new ModelShift(TapPoint.EMBED, r(random), 0.1, 64)));
  }

  static Artefact withoutShift(long seed) {
    return artefact(new Random(seed), Optional.empty());
  }

  private static Artefact artefact(Random random, Optional<ModelShift> shift) {
    return new Artefact(
        Artefact.FORMAT_VERSION,
        "em-consensus",
        Instant.parse("2026-01-31T12:34:56.123456789Z"),
        new ModelPin("org/model", "main", "llama", 3, HIDDEN, 99, "tok", "none", "sha256:ab"),
        Set.of("sha256:cd", "sha256-sampled:ef"),
        List.of(
            tap(TapPoint.EMBED, random),
            tap(TapPoint.residMid(0), random),
            tap(TapPoint.residPost(2), random)),
        probe(random),
        new Calibration(
            new Sigmoid(1 / 3.0, -r(random)),
            0.1 + 0.2,
            1 - 0x1p-53,
            0.01,
            1234,
            new Checkpoints(3, 8)),
        TokenMask.ANSWER_CONTENT,
        Sign.POSITIVE_IS_MISALIGNED,
        new Provenance(
            "consensus of 3",
            Long.MIN_VALUE,
            "bfloat16",
            "prompt",
            Map.of("aligned", "sha256:01"),
            Map.of("answers", Long.MAX_VALUE)),
        new Quality(
            Map.of(
                Figure.WITHIN_PROMPT_AUROC,
                Estimate.of(r(random), new Interval(0.5, 2.0 / 3, 0.95), 31),
                Figure.TEXT_BASELINE,
                Estimate.of(r(random), 7)),
            Map.of("cosine medicine / sport at resid_post.2", r(random))),
        shift);
  }

  private static TapDirection tap(TapPoint point, Random random) {
    return new TapDirection(
        point, RandomDirection.unit(HIDDEN, random.nextLong()), r(random), Double.MIN_VALUE);
  }

  private static Probe probe(Random random) {
    return new Probe(
        new Readout(
            "em probe",
            Map.of(TapPoint.residPost(0), floats(random), TapPoint.FINAL_NORM, floats(random)),
            r(random)),
        new ExponentialMean(16),
        new OffsetScale(
            new double[] {r(random), -0.0, 1e300}, new double[] {r(random) + 1e-9, 1, 1e-300}));
  }

  private static float[] floats(Random random) {
    float[] values = new float[HIDDEN];
    for (int i = 0; i < HIDDEN; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double r(Random random) {
    return random.nextDouble();
  }
}
