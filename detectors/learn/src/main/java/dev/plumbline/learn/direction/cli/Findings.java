package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.DirectionPipeline;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.learn.direction.ModelShiftResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What the report needs and the artefact does not hold; a stage of the job.
 *
 * @param contrasts names, in the order of the matrices
 * @param points tap points, forward
 * @param borrowed tap points and where their direction comes from
 * @param cosines between the contrasts' directions, by tap point
 * @param sizes by contrast, {@code [points]}, in scatter of a state
 * @param lengths by contrast, {@code [points]}, residual units
 * @param separation within-prompt AUROC of projections on held-out answers, {@code [points]}; NaN
 *     where it was not taken
 * @param aligned standardised mean projections of held-out aligned answers, at the point that
 *     separates best
 * @param misaligned the same of misaligned answers
 * @param best that point, the middle one where none was measured
 * @param shift statement on model_shift, empty if there was no study
 */
record Findings(
    List<String> contrasts,
    List<String> points,
    Map<String, String> borrowed,
    Map<String, double[][]> cosines,
    Map<String, double[]> sizes,
    Map<String, double[]> lengths,
    double[] separation,
    double[] aligned,
    double[] misaligned,
    String best,
    String shift) {

  static Findings of(
      DirectionPipeline.Result result,
      LearnedDirections learned,
      ActivationCollector reference,
      List<Answer> heldOut) {
    List<TapPoint> points = List.copyOf(learned.sizes().values().iterator().next().keySet());
    double[] separation =
        result.directions().directions().stream()
            .mapToDouble(tap -> separation(result, tap.tapPoint()))
            .toArray();
    TapDirection best = result.directions().directions().get(best(separation));
    Map<Boolean, double[]> scores = scores(reference, heldOut, best);
    Map<String, double[][]> cosines = new TreeMap<>();
    learned.cosines().forEach((point, matrix) -> cosines.put(point.toString(), matrix));
    Map<String, String> borrowed = new TreeMap<>();
    learned.borrowed().forEach((to, from) -> borrowed.put(to.toString(), from.toString()));
    return new Findings(
        learned.contrasts(),
        points.stream().map(TapPoint::toString).toList(),
        borrowed,
        cosines,
        perPoint(learned.sizes(), points),
        perPoint(learned.lengths(), points),
        separation,
        scores.get(false),
        scores.get(true),
        best.tapPoint().toString(),
        result.shift().map(ModelShiftResult::statement).orElse(""));
  }

  private static double separation(DirectionPipeline.Result result, TapPoint point) {
    return Optional.ofNullable(
            result.quality().extra().get("projection_within_prompt_auroc." + point))
        .orElse(Double.NaN);
  }

  /** The highest; the one in the middle where none was measured. */
  static int best(double[] separation) {
    return IntStream.range(0, separation.length)
        .filter(i -> !Double.isNaN(separation[i]))
        .boxed()
        .max(Comparator.comparingDouble(i -> separation[i]))
        .orElse(separation.length / 2);
  }

  private static Map<String, double[]> perPoint(
      Map<String, Map<TapPoint, Double>> figures, List<TapPoint> points) {
    Map<String, double[]> all = new TreeMap<>();
    figures.forEach((name, own) -> all.put(name, points.stream().mapToDouble(own::get).toArray()));
    return all;
  }

  /** (mean projection − aligned mean) / aligned spread, by label. */
  private static Map<Boolean, double[]> scores(
      ActivationCollector reference, List<Answer> answers, TapDirection tap) {
    List<double[]> values =
        reference.readouts(
            answers, Readout.projection("direction", tap.tapPoint(), tap.direction()));
    Map<Boolean, List<Double>> scores = Map.of(false, new ArrayList<>(), true, new ArrayList<>());
    for (int i = 0; i < answers.size(); i++) {
      double mean = Arrays.stream(values.get(i)).average().orElseThrow();
      scores.get(answers.get(i).label()).add((mean - tap.alignedMean()) / tap.alignedSpread());
    }
    Map<Boolean, double[]> arrays = new TreeMap<>();
    scores.forEach((label, own) -> arrays.put(label, own.stream().mapToDouble(v -> v).toArray()));
    return arrays;
  }
}
