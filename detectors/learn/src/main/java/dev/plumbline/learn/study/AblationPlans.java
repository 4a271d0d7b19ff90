package dev.plumbline.learn.study;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.mitigations.Writers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ablations that are compared, and how one is made of directions. */
public final class AblationPlans {
  private final Artefact consensus;
  private final Artefact random;
  private final InterventionPlan shared;
  private final Map<String, InterventionPlan> without = new LinkedHashMap<>();

  AblationPlans(DirectionLearner learner, DirectionData data, Artefact consensus) {
    this.consensus = consensus;
    this.random = random(learner, data, consensus);
    this.shared = shared(learner, data, consensus);
    for (Contrast contrast : data.contrasts()) {
      List<Contrast> others =
          data.contrasts().stream().filter(c -> !c.name().equals(contrast.name())).toList();
      without.put(contrast.name(), affine(learned(learner.learn(others, data.aligned()))));
    }
  }

  /** Each direction that was found, taken out to the aligned mean at its own tap point. */
  public static InterventionPlan affineWhereLearned(LearnedDirections directions) {
    return affine(learned(directions));
  }

  /**
   * A norm-matched random direction at each tap point of some directions, taken out the same way.
   */
  public static InterventionPlan affineRandom(
      DirectionLearner learner, LearnedDirections like, List<Answer> aligned, long seed) {
    Map<TapPoint, Direction> drawn = new LinkedHashMap<>();
    for (TapDirection tap : learned(like)) {
      long own = seed + tap.tapPoint().toString().hashCode();
      drawn.put(tap.tapPoint(), RandomDirection.unit(tap.direction().size(), own));
    }
    return affine(learner.baseline(drawn, aligned));
  }

  /** The directions that were found, without those a tap point only borrowed. */
  private static List<TapDirection> learned(LearnedDirections directions) {
    return directions.directions().stream()
        .filter(tap -> !directions.borrowed().containsKey(tap.tapPoint()))
        .toList();
  }

  /** An artefact of the directions that were found: nothing is taken out where nothing moved. */
  static Artefact learnedOnly(Artefact all, LearnedDirections directions) {
    return with(all, all.name(), learned(directions));
  }

  private static Artefact with(Artefact from, String name, List<TapDirection> directions) {
    return new Artefact(
        from.formatVersion(),
        name,
        from.created(),
        from.model(),
        from.validatedFingerprints(),
        directions,
        from.probe(),
        from.calibration(),
        from.mask(),
        from.sign(),
        from.provenance(),
        from.quality(),
        from.modelShift());
  }

  private static Artefact random(DirectionLearner learner, DirectionData data, Artefact consensus) {
    Map<TapPoint, Direction> drawn = new LinkedHashMap<>();
    for (TapDirection tap : consensus.directions()) {
      drawn.put(
          tap.tapPoint(),
          RandomDirection.unit(tap.direction().size(), tap.tapPoint().toString().hashCode()));
    }
    return with(consensus, "random", learner.baseline(drawn, data.aligned()));
  }

  /** The direction after the second quarter layer's attention, at every point. */
  private static InterventionPlan shared(
      DirectionLearner learner, DirectionData data, Artefact consensus) {
    TapPoint middle = TapPoint.residMid(Math.max(1, consensus.model().layers() / 4));
    Direction one = consensus.direction(middle).orElseThrow().direction();
    Map<TapPoint, Direction> everywhere = new LinkedHashMap<>();
    Writers.of(consensus.model().layers()).forEach(point -> everywhere.put(point, one));
    return affine(learner.baseline(everywhere, data.aligned()));
  }

  private static InterventionPlan affine(List<TapDirection> taps) {
    Map<TapPoint, Intervention> plan = new LinkedHashMap<>();
    taps.forEach(
        tap ->
            plan.put(
                tap.tapPoint(), DirectionalAblation.affine(tap.direction(), tap.alignedMean())));
    return new InterventionPlan(plan, TokenRange.ALL);
  }

  InterventionPlan consensus() {
    return InterventionPlan.perTapPointAffine(consensus);
  }

  InterventionPlan shared() {
    return shared;
  }

  InterventionPlan without(String finetune) {
    return without.get(finetune);
  }

  InterventionPlan randomPlan() {
    return InterventionPlan.perTapPointAffine(random);
  }

  Artefact random() {
    return random;
  }
}
