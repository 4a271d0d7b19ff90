package dev.plumbline.learn.direction;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The difference of means of one contrast at every tap point {@code [D]}, and which of them are a
 * direction at all: where nothing moved (the embedding under a LoRA finetune, any point before its
 * first changed writer) the difference is zero or rounding, and has none.
 */
final class Differences {
  /** Of the size of a state; float32 rounding of equal sums stays far below. */
  private static final double NOTHING = 1e-5;

  private final Map<TapPoint, double[]> differences = new TreeMap<>();
  private final Map<TapPoint, Double> sizes = new TreeMap<>();

  private Differences() {}

  /** Measures contrasts; a side that several share is read once. */
  static Map<String, Differences> of(
      ActivationCollector collector,
      List<Contrast> contrasts,
      List<TapPoint> points,
      Weighting weighting) {
    Map<Contrast.Side, Map<TapPoint, StateMeans>> read = new HashMap<>();
    Map<String, Differences> all = new TreeMap<>();
    for (Contrast contrast : contrasts) {
      for (Contrast.Side side : List.of(contrast.positive(), contrast.negative())) {
        read.computeIfAbsent(side, s -> collector.wearing(s.adapter()).means(s.answers(), points));
      }
      Differences own = new Differences();
      points.forEach(
          point ->
              own.measure(
                  point,
                  read.get(contrast.positive()).get(point),
                  read.get(contrast.negative()).get(point),
                  weighting));
      all.put(contrast.name(), own);
    }
    return all;
  }

  private void measure(
      TapPoint point, StateMeans positive, StateMeans negative, Weighting weighting) {
    double[] difference = positive.mean(weighting);
    double[] from = negative.mean(weighting);
    double squares = 0;
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= from[i];
      squares += difference[i] * difference[i];
    }
    differences.put(point, difference);
    // In standard deviations of a component times √D: 1 is as long as a state is scattered.
    sizes.put(point, Math.sqrt(squares / difference.length) / negative.spread());
  }

  /** |difference| in units of the states' own scatter. */
  double size(TapPoint point) {
    return sizes.get(point);
  }

  /** Whether anything moved at a tap point. */
  boolean any(TapPoint point) {
    return sizes.get(point) > NOTHING;
  }

  /** The unit direction of a difference that is not nothing. */
  Direction direction(TapPoint point) {
    return Direction.of(differences.get(point));
  }
}
