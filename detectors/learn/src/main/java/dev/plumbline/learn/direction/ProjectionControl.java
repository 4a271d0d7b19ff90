package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Within-model, within-prompt AUROC of plain projections: of random directions of the same norm,
 * the control of the probe, and of the editing directions, which is what detecting with them would
 * give. Random ones have no sign: their mean is about 0.5 and their range says how far luck goes.
 */
final class ProjectionControl {
  private static final int DRAWS = 39;

  private final ActivationCollector reference;
  private final List<Answer> judged;
  private final long seed;

  ProjectionControl(ActivationCollector reference, List<Answer> judged, long seed) {
    this.reference = reference;
    this.judged = judged;
    this.seed = seed;
  }

  /** Random readouts at a probe's tap points. */
  void random(List<TapPoint> points, Figures figures) {
    Random seeds = new Random(seed);
    List<Readout> readouts = new ArrayList<>();
    for (int i = 0; i < DRAWS; i++) {
      Map<TapPoint, float[]> weights = new HashMap<>();
      for (TapPoint point : points) {
        weights.put(point, RandomDirection.unit(reference.hidden(), seeds.nextLong()).components());
      }
      readouts.add(new Readout("random " + i, weights, 0));
    }
    figures.put(Figure.RANDOM_DIRECTION, ShuffleControl.range(aurocs(readouts)));
  }

  /** Each editing direction at its own tap point. */
  void directions(LearnedDirections directions, Figures figures) {
    List<Readout> readouts = new ArrayList<>();
    for (TapDirection each : directions.directions()) {
      readouts.add(Readout.projection("direction", each.tapPoint(), each.direction()));
    }
    double[] values = aurocs(readouts);
    for (int k = 0; k < values.length; k++) {
      TapPoint point = directions.directions().get(k).tapPoint();
      figures.extra("projection_within_prompt_auroc." + point, values[k]);
    }
  }

  private double[] aurocs(List<Readout> readouts) {
    return HeldOutScores.aurocs(reference, judged, readouts);
  }
}
