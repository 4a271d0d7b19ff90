package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.stats.Auroc;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.core.stats.ShuffledLabels;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The procedure on labels that mean nothing, several times: about 0.5, or it leaks. The figure is
 * the mean, its interval the range.
 */
public final class ShuffleControl {
  private static final int SHUFFLES = 5;

  private final long seed;
  private final Figures figures;

  ShuffleControl(long seed, Figures figures) {
    this.seed = seed;
    this.figures = figures;
  }

  void add(List<Answer> training, GroupedFit grouped, Function<GroupedFit, double[]> procedure) {
    figures.put(Figure.SHUFFLED_LABELS, auroc(training, grouped, procedure, seed));
  }

  /**
   * The control alone.
   *
   * @param procedure from relabelled folds to out-of-fold scores {@code [N]}
   */
  public static Estimate auroc(
      List<Answer> answers,
      GroupedFit grouped,
      Function<GroupedFit, double[]> procedure,
      long seed) {
    double[] values = new double[SHUFFLES];
    for (int i = 0; i < SHUFFLES; i++) {
      GroupedFit shuffled = grouped.relabelled(ShuffledLabels.overall(grouped.labels(), seed + i));
      values[i] = Auroc.of(Scored.examples(answers, shuffled.labels(), procedure.apply(shuffled)));
    }
    return range(values);
  }

  /** Mean of some draws with their range; its count is the draws. */
  public static Estimate range(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double confidence = 1 - 2.0 / (sorted.length + 1);
    return Estimate.of(
        Arrays.stream(sorted).average().orElseThrow(),
        new Interval(sorted[0], sorted[sorted.length - 1], confidence),
        sorted.length);
  }
}
