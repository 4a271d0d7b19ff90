package dev.plumbline.learn.direction;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.statistics.Weighting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The means {@code [D]} of some answers of one side, to be paired with another's. */
final class SideMeans {
  private final List<Answer> answers;
  private final Weighting weighting;
  private final Map<TapPoint, double[][]> means = new HashMap<>();

  SideMeans(List<Answer> answers, Weighting weighting) {
    this.answers = answers;
    this.weighting = weighting;
  }

  void set(TapPoint point, int row, double[] mean) {
    means.computeIfAbsent(point, key -> new double[answers.size()][])[row] = mean;
  }

  /**
   * Gives the difference to another side of every answer (if the answers are the same) or of every
   * prompt that both have, by prompt.
   */
  void differences(
      SideMeans other, TapPoint point, boolean sameAnswers, Consumer<double[]> consumer) {
    Map<String, double[]> own = means(point, sameAnswers);
    Map<String, double[]> others = other.means(point, sameAnswers);
    own.forEach(
        (key, mean) -> {
          double[] from = others.get(key);
          if (from != null) {
            consumer.accept(minus(mean, from));
          }
        });
  }

  private Map<String, double[]> means(TapPoint point, boolean perAnswer) {
    Map<String, double[]> sums = new TreeMap<>();
    Map<String, Double> weights = new HashMap<>();
    double[][] all = means.get(point);
    for (int i = 0; i < all.length; i++) {
      String key = perAnswer ? String.format("%09d", i) : answers.get(i).prompt();
      double weight = weighting == Weighting.TOKENS ? answers.get(i).length() : 1;
      double[] sum = sums.computeIfAbsent(key, k -> new double[all[0].length]);
      for (int d = 0; d < sum.length; d++) {
        sum[d] += weight * all[i][d];
      }
      weights.merge(key, weight, Double::sum);
    }
    sums.forEach(
        (key, sum) -> {
          for (int d = 0; d < sum.length; d++) {
            sum[d] /= weights.get(key);
          }
        });
    return sums;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] difference = a.clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= b[i];
    }
    return difference;
  }
}
