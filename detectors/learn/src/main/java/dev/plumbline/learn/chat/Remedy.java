package dev.plumbline.learn.chat;

import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.mitigations.Writers;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The conditions an ablation is judged by: per tap point and affine, one shared direction, and a
 * norm-matched random direction taken out in the very same way as the shared one.
 */
final class Remedy {
  private final LearnedDirections learned;
  private final DirectionLearner baselines;
  private final List<Answer> aligned;
  private final int layers;
  private final long seed;

  Remedy(
      LearnedDirections learned,
      DirectionLearner baselines,
      List<Answer> aligned,
      int layers,
      long seed) {
    this.learned = learned;
    this.baselines = baselines;
    this.aligned = aligned;
    this.layers = layers;
    this.seed = seed;
  }

  /**
   * Where the shared direction comes from: the layer's end at which the sides lie furthest apart.
   */
  TapPoint shared() {
    Map<TapPoint, Double> sizes = learned.sizes().values().iterator().next();
    return sizes.entrySet().stream()
        .filter(entry -> entry.getKey().site() == Site.RESID_POST)
        .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .orElseThrow()
        .getKey();
  }

  /** Plans by condition, in the order of reports; {@code plain} is not among them. */
  Map<String, InterventionPlan> plans() {
    Map<String, InterventionPlan> plans = new LinkedHashMap<>();
    plans.put("ablated per tap point", plan(learned.directions()));
    Direction one = learned.at(shared()).direction();
    plans.put("ablated, one direction", plan(everywhere(one)));
    plans.put("random direction", plan(everywhere(RandomDirection.unit(one.size(), seed))));
    return plans;
  }

  private List<TapDirection> everywhere(Direction direction) {
    Map<TapPoint, Direction> all = new TreeMap<>();
    Writers.of(layers).forEach(point -> all.put(point, direction));
    return baselines.baseline(all, aligned);
  }

  private static InterventionPlan plan(List<TapDirection> directions) {
    Map<TapPoint, Intervention> all = new TreeMap<>();
    directions.forEach(
        tap ->
            all.put(
                tap.tapPoint(), DirectionalAblation.affine(tap.direction(), tap.alignedMean())));
    return new InterventionPlan(all, TokenRange.ALL);
  }
}
