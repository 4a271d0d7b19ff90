package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.MeanAccumulator;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.Weighting;
import dev.plumbline.mitigations.Writers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The directions for editing: differences of means per tap point, their consensus over several
 * contrasts, and what aligned answers look like along them on the base. Follows the convergent
 * direction of emergent misalignment (Turner, Soligo et al. 2025), but of unit length, per residual
 * writer, and with an affine baseline.
 */
public final class DirectionLearner {
  private final ActivationCollector base;

  /**
   * @param base reads with the aligned reference's own weights
   */
  public DirectionLearner(ActivationCollector base) {
    this.base = base;
  }

  /** At every residual writer, over tokens. */
  public LearnedDirections learn(List<Contrast> contrasts, List<Answer> aligned) {
    return learn(contrasts, aligned, Writers.of(base.layers()), Weighting.TOKENS);
  }

  /** Differences of means per tap point under a weighting. */
  public LearnedDirections learn(
      List<Contrast> contrasts, List<Answer> aligned, List<TapPoint> points, Weighting weighting) {
    return learn(contrasts, aligned, points, LearnSettings.of(weighting));
  }

  /**
   * One direction per tap point.
   *
   * @param contrasts one or more of one kind, names distinct
   * @param aligned aligned answers, for the baseline
   * @param points canonical tap points
   */
  public LearnedDirections learn(
      List<Contrast> contrasts,
      List<Answer> aligned,
      List<TapPoint> points,
      LearnSettings settings) {
    estimator(contrasts);
    return learn(
        contrasts,
        aligned,
        points,
        settings,
        new ContrastStatistics(contrasts, points, settings).read(base));
  }

  /**
   * The same from statistics that were read before, here or on other machines.
   *
   * @param statistics of {@link ContrastStatistics} with the same contrasts, points and settings
   */
  public LearnedDirections learn(
      List<Contrast> contrasts,
      List<Answer> aligned,
      List<TapPoint> points,
      LearnSettings settings,
      ShardStatistics statistics) {
    estimator(contrasts);
    Map<String, Differences> differences =
        Differences.of(base, contrasts, points, settings, statistics);
    Consensus consensus = new Consensus(differences, points);
    return new LearnedDirections(
        settings.describe(contrasts.get(0)),
        settings.weighting(),
        List.copyOf(differences.keySet()),
        baseline(consensus.directions(), aligned),
        consensus.borrowed(),
        consensus.cosines(),
        perContrast(differences, points, Differences::size),
        perContrast(differences, points, Differences::length));
  }

  private static String estimator(List<Contrast> contrasts) {
    List<String> kinds = contrasts.stream().map(Contrast::estimator).distinct().toList();
    Check.that(
        kinds.size() == 1, "contrasts", "one or more of one kind", kinds, "learn each kind alone");
    return kinds.get(0);
  }

  private static Map<String, Map<TapPoint, Double>> perContrast(
      Map<String, Differences> differences,
      List<TapPoint> points,
      BiFunction<Differences, TapPoint, Double> figure) {
    Map<String, Map<TapPoint, Double>> figures = new TreeMap<>();
    differences.forEach(
        (name, each) -> {
          Map<TapPoint, Double> own = new TreeMap<>();
          points.forEach(point -> own.put(point, figure.apply(each, point)));
          figures.put(name, own);
        });
    return figures;
  }

  /**
   * Mean and spread over aligned answer tokens of the projection on any directions, in forward
   * order: the affine baseline μ and the unit of steering. For one shared direction, give it at
   * every tap point.
   */
  public List<TapDirection> baseline(Map<TapPoint, Direction> directions, List<Answer> aligned) {
    Map<TapPoint, Direction> ordered = new TreeMap<>(directions);
    List<Readout> readouts = new ArrayList<>();
    ordered.forEach(
        (point, direction) -> readouts.add(Readout.projection(point.toString(), point, direction)));
    MeanAccumulator projections = new MeanAccumulator(readouts.size());
    for (double[][] answer : base.readouts(aligned, readouts)) {
      addTokens(projections, answer);
    }
    double[] means = projections.mean();
    double[] spreads = projections.standardDeviation();
    List<TapDirection> baselines = new ArrayList<>();
    for (Map.Entry<TapPoint, Direction> entry : ordered.entrySet()) {
      int k = baselines.size();
      baselines.add(new TapDirection(entry.getKey(), entry.getValue(), means[k], spreads[k]));
    }
    return baselines;
  }

  private static void addTokens(MeanAccumulator into, double[][] answer) {
    for (int t = 0; t < answer[0].length; t++) {
      double[] token = new double[answer.length];
      for (int k = 0; k < token.length; k++) {
        token[k] = answer[k][t];
      }
      into.add(token);
    }
  }
}
