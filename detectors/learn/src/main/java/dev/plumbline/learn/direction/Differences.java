package dev.plumbline.learn.direction;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.statistics.Estimation;
import dev.plumbline.learn.statistics.Estimator;
import dev.plumbline.learn.statistics.ShardStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The estimate of one contrast at every tap point {@code [D]}, and where there is a direction at
 * all: where nothing moved (the embedding under a LoRA finetune, any point before its first changed
 * writer) the difference is zero or rounding, and has none.
 */
final class Differences {
  /** Of the size of a state; float32 rounding of equal sums stays far below. */
  private static final double NOTHING = 1e-5;

  private final Map<TapPoint, double[]> vectors = new TreeMap<>();
  private final Map<TapPoint, Double> lengths = new TreeMap<>();
  private final Map<TapPoint, Double> sizes = new TreeMap<>();

  private Differences() {}

  /** Estimates contrasts. */
  static Map<String, Differences> of(
      ActivationCollector collector,
      List<Contrast> contrasts,
      List<TapPoint> points,
      LearnSettings settings,
      ShardStatistics statistics) {
    ContrastStatistics read = new ContrastStatistics(contrasts, points, settings);
    Map<String, Differences> all = new TreeMap<>();
    for (Contrast contrast : contrasts) {
      Differences own = new Differences();
      Optional<LogisticContrast> logistic =
          settings.estimator() == Estimator.LOGISTIC
              ? Optional.of(LogisticContrast.of(collector, contrast, points))
              : Optional.empty();
      for (TapPoint point : points) {
        Estimation estimation = read.estimation(statistics, contrast, point);
        own.measure(point, estimation, read.spread(statistics, contrast, point));
        if (own.any(point)) {
          own.vectors.put(
              point,
              logistic
                  .map(rows -> rows.weights(point, settings.ridge()))
                  .orElseGet(() -> estimation.vector(settings.estimator())));
        }
      }
      all.put(contrast.name(), own);
    }
    return all;
  }

  private void measure(TapPoint point, Estimation estimation, double spread) {
    double squares = 0;
    double[] difference = estimation.meanDifference();
    for (double each : difference) {
      squares += each * each;
    }
    lengths.put(point, Math.sqrt(squares));
    // In standard deviations of a component times √D: 1 is as long as a state is scattered.
    sizes.put(point, Math.sqrt(squares / difference.length) / spread);
  }

  /** |μ₊ − μ₋| in residual units. */
  double length(TapPoint point) {
    return lengths.get(point);
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
    return Direction.of(vectors.get(point));
  }
}
