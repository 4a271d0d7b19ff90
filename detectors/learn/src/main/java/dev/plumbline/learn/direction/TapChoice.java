package dev.plumbline.learn.direction;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Auroc;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.logistic.DenseFit;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tap points a probe reads: each candidate alone, then the best two and the best three
 * together, by out-of-fold scores on prompts the fit never saw. What comes out is a little
 * optimistic for having been chosen; quality is reported on other prompts.
 */
final class TapChoice {
  /** Fewer prompts than this with both outcomes, and their macro AUROC is noise. */
  private static final int FEWEST_PROMPTS = 10;

  /** In the middle of the usual path, only to compare places with. */
  private static final double RIDGE = 1e-2;

  private static final int MOST_TOGETHER = 3;

  private final List<Answer> judged;
  private final AnswerFeatures features;
  private final AnswerFeatures aligned;
  private final GroupedFit grouped;
  private final Map<List<TapPoint>, Double> choices = new LinkedHashMap<>();

  TapChoice(
      List<Answer> judged, AnswerFeatures features, AnswerFeatures aligned, GroupedFit grouped) {
    this.judged = judged;
    this.features = features;
    this.aligned = aligned;
    this.grouped = grouped.with(RIDGE);
  }

  /** The figure of every choice tried, best singles' unions last. */
  Map<List<TapPoint>, Double> tryAll(List<TapPoint> candidates) {
    candidates.forEach(point -> tryOne(List.of(point)));
    List<TapPoint> ranked =
        choices.entrySet().stream()
            .sorted(Map.Entry.<List<TapPoint>, Double>comparingByValue().reversed())
            .map(entry -> entry.getKey().get(0))
            .toList();
    for (int n = 2; n <= Math.min(MOST_TOGETHER, ranked.size()); n++) {
      tryOne(ranked.subList(0, n).stream().sorted().toList());
    }
    return choices;
  }

  /** The best; of equals the one with fewer tap points, tried first. */
  List<TapPoint> best() {
    double highest = choices.values().stream().max(Comparator.naturalOrder()).orElseThrow();
    return choices.entrySet().stream()
        .filter(entry -> entry.getValue() == highest)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private void tryOne(List<TapPoint> points) {
    DenseFit fit = new DenseFit(features.at(points), grouped);
    choices.put(points, figure(fit.outOfFold(aligned.at(points))));
  }

  private double figure(double[] scores) {
    Optional<Estimate> within = WithinModel.auroc(judged, scores, 0);
    return within
        .filter(estimate -> estimate.count() >= FEWEST_PROMPTS)
        .map(Estimate::value)
        .orElseGet(() -> Auroc.of(Scored.examples(judged, grouped.labels(), scores)));
  }
}
