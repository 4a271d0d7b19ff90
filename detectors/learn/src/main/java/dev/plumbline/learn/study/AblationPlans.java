package dev.plumbline.learn.study;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ablations that are compared. */
final class AblationPlans {
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
      without.put(contrast.name(), affine(learner.learn(others, data.aligned()).directions()));
    }
  }

  private static Artefact random(DirectionLearner learner, DirectionData data, Artefact consensus) {
    Map<TapPoint, Direction> drawn = new LinkedHashMap<>();
    for (TapDirection tap : consensus.directions()) {
      drawn.put(
          tap.tapPoint(),
          RandomDirection.unit(tap.direction().size(), tap.tapPoint().toString().hashCode()));
    }
    return new Artefact(
        consensus.formatVersion(),
        "random",
        consensus.created(),
        consensus.model(),
        consensus.validatedFingerprints(),
        learner.baseline(drawn, data.aligned()),
        consensus.probe(),
        consensus.calibration(),
        consensus.mask(),
        consensus.sign(),
        consensus.provenance(),
        consensus.quality(),
        consensus.modelShift());
  }

  /** The direction after the second quarter layer's attention, at every point. */
  private static InterventionPlan shared(
      DirectionLearner learner, DirectionData data, Artefact consensus) {
    TapPoint middle = TapPoint.residMid(Math.max(1, consensus.model().layers() / 4));
    Direction one = consensus.direction(middle).orElseThrow().direction();
    Map<TapPoint, Direction> everywhere = new LinkedHashMap<>();
    consensus.directions().forEach(tap -> everywhere.put(tap.tapPoint(), one));
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
