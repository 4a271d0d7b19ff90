package dev.plumbline.learn.evaluate;

import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.ShuffleControl;
import dev.plumbline.learn.direction.WithinModel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Random readouts beside a learned one: at its tap points, of its norm <em>at each of them</em>
 * (not √D times it), uniform in direction.
 *
 * @param draws within-prompt AUROC of each, ascending; read only
 */
public record RandomControl(double[] draws) {
  public RandomControl {
    draws = draws.clone();
    Arrays.sort(draws);
  }

  /**
   * Draws readouts and holds them against answers' mean states; empty where no within-prompt figure
   * can be taken.
   *
   * @param like the learned readout
   * @param states rows at its tap points, in forward order
   */
  public static Optional<RandomControl> of(Readout like, StateRows states, int draws, long seed) {
    Random seeds = new Random(seed);
    double[] values = new double[draws];
    for (int i = 0; i < draws; i++) {
      Readout random = matched(like, seeds.nextLong());
      Optional<Estimate> within = within(random, states, seed);
      if (within.isEmpty()) {
        return Optional.empty();
      }
      values[i] = within.get().value();
    }
    return Optional.of(new RandomControl(values));
  }

  /** A random readout with the norm of another at each of its tap points. */
  static Readout matched(Readout like, long seed) {
    Random seeds = new Random(seed);
    Map<TapPoint, float[]> weights = new HashMap<>();
    for (TapPoint point : like.tapPoints()) {
      double norm = norm(like.weights(point));
      float[] unit = RandomDirection.unit(like.size(), seeds.nextLong()).components();
      for (int i = 0; i < unit.length; i++) {
        unit[i] *= (float) norm;
      }
      weights.put(point, unit);
    }
    return new Readout("random", weights, 0);
  }

  static double norm(float[] vector) {
    double squares = 0;
    for (float each : vector) {
      squares += (double) each * each;
    }
    return Math.sqrt(squares);
  }

  private static Optional<Estimate> within(Readout readout, StateRows states, long seed) {
    double[] weights = flat(readout);
    double[] scores = new double[states.rows().length];
    for (int row = 0; row < scores.length; row++) {
      for (int i = 0; i < weights.length; i++) {
        scores[row] += weights[i] * states.rows()[row][i];
      }
    }
    List<Answer> answers = states.answers();
    return WithinModel.auroc(answers, scores, seed);
  }

  private static double[] flat(Readout readout) {
    double[] flat = new double[readout.tapPoints().size() * readout.size()];
    int at = 0;
    for (TapPoint point : readout.tapPoints()) {
      for (float each : readout.weights(point)) {
        flat[at++] = each;
      }
    }
    return flat;
  }

  /** Mean and range. */
  public Estimate range() {
    return ShuffleControl.range(draws);
  }

  /**
   * The share of draws, the claim counted among them, that tell as much one way <em>or the
   * other</em>: a random direction has no sign.
   */
  public double share(double claim) {
    long as = Arrays.stream(draws).filter(draw -> Math.max(draw, 1 - draw) >= claim).count();
    return (1.0 + as) / (1 + draws.length);
  }
}
