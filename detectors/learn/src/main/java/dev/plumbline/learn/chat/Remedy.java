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
 *
 * <p>The first token of the sequence is spared: its states are an attention sink, far longer than
 * any answer token's, the baseline of answer tokens is not theirs, and without it the text falls
 * apart. One condition takes it in, to show that.
 */
final class Remedy {
  private static final TokenRange BUT_THE_FIRST = TokenRange.from(1);

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
    InterventionPlan perTapPoint = plan(learned.directions());
    plans.put("ablated per tap point", perTapPoint);
    Direction one = learned.at(shared()).direction();
    plans.put("ablated, one direction", plan(everywhere(one)));
    plans.put("random direction", plan(everywhere(RandomDirection.unit(one.size(), seed))));
    plans.put("ablated per tap point, first token too", perTapPoint.over(TokenRange.ALL));
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
    return new InterventionPlan(all, BUT_THE_FIRST);
  }
}
