package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Provenance;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The control of an ablation: an artefact with a random unit direction at every tap point where
 * another has a learned one, and the baselines that aligned answers give along it. What it changes,
 * any direction would change.
 *
 * <p>It is for editing. Its probe and thresholds are the other's, its estimator says what it is,
 * and no figure is claimed: every one of its quality reads as not measured.
 */
public final class RandomCounterpart {
  private RandomCounterpart() {}

  /**
   * Draws one.
   *
   * @param base reads with the aligned reference's weights
   * @param aligned aligned answers, for the baselines
   */
  public static Artefact of(
      Artefact artefact, ActivationCollector base, List<Answer> aligned, long seed) {
    Map<TapPoint, Direction> drawn = new TreeMap<>();
    for (TapDirection tap : artefact.directions()) {
      long own = seed + tap.tapPoint().toString().hashCode();
      drawn.put(tap.tapPoint(), RandomDirection.unit(tap.direction().size(), own));
    }
    return new Artefact(
        artefact.formatVersion(),
        artefact.name() + "-random",
        artefact.created(),
        artefact.model(),
        artefact.validatedFingerprints(),
        new DirectionLearner(base).baseline(drawn, aligned),
        artefact.probe(),
        artefact.calibration(),
        artefact.mask(),
        artefact.sign(),
        provenance(artefact, base, aligned.size(), seed),
        new Quality(Map.of(), Map.of()),
        Optional.empty());
  }

  private static Provenance provenance(
      Artefact artefact, ActivationCollector base, int answers, long seed) {
    Provenance from = artefact.provenance();
    return new Provenance(
        "random_control_of_" + artefact.name(),
        seed,
        base.precision().wireName(),
        from.groupingKey(),
        from.dataDigests(),
        Map.of("answers_aligned", (long) answers));
  }
}
