package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Example;
import dev.plumbline.core.stats.PromptIdentity;
import dev.plumbline.learn.direction.logistic.DenseFit;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How good a probe and its directions are, beside every control: what the prompt alone gives, what
 * the text alone gives, shuffled labels, random directions, and false positives of the reference,
 * of benign and of narrow finetunes.
 *
 * <p>A figure that cannot be taken (no prompt with both outcomes, no benign answers) is left out,
 * and {@link Quality#warnings} says so.
 */
public final class DirectionEvaluation {
  private final ActivationCollector reference;
  private final ProbeSettings settings;
  private final LearnedProbe probe;
  private final Figures figures = new Figures();

  public DirectionEvaluation(
      ActivationCollector reference, ProbeSettings settings, LearnedProbe probe) {
    this.reference = reference;
    this.settings = settings;
    this.probe = probe;
  }

  /** All figures; once per instance. */
  public Quality evaluate(EvaluationData data, LearnedDirections directions) {
    GroupedFit grouped = new ProbeLearner(reference, settings).grouped(data.training());
    acrossPrompts(data, grouped);
    withinPrompts(data, directions);
    new TextControl(settings.seed(), figures).add(data, grouped);
    shuffled(data, grouped);
    falsePositives(data);
    notes(directions);
    return figures.quality();
  }

  private void acrossPrompts(EvaluationData data, GroupedFit grouped) {
    List<Example> examples =
        Scored.examples(data.training(), grouped.labels(), probe.crossValidated());
    figures.put(Figure.GROUPED_AUROC, AcrossPrompts.auroc(examples, settings.seed()));
    figures.put(Figure.PROMPT_IDENTITY_CEILING, PromptIdentity.ceiling(examples));
    Estimate models = PromptIdentity.ceiling(byModel(data.training(), grouped.labels()));
    figures.extra("model_identity_ceiling", models.value());
  }

  private static List<Example> byModel(List<Answer> answers, boolean[] labels) {
    return IntStream.range(0, labels.length)
        .mapToObj(i -> new Example(answers.get(i).model(), labels[i], 0))
        .toList();
  }

  private void withinPrompts(EvaluationData data, LearnedDirections directions) {
    double[] z = Scored.of(reference, data.judged(), probe.probe(), probe.calibration()).z();
    WithinModel.auroc(data.judged(), z, settings.seed())
        .ifPresent(
            within -> {
              figures.put(Figure.WITHIN_PROMPT_AUROC, within);
              WithinModel.perModel(data.judged(), z, settings.seed())
                  .forEach((model, own) -> figures.extra("within_prompt_auroc." + model, own));
              ProjectionControl control =
                  new ProjectionControl(reference, data.judged(), settings.seed());
              control.random(probe.points(), figures);
              control.directions(directions, figures);
            });
  }

  /** Labels permuted over all answers, the rest of the procedure as it was. */
  private void shuffled(EvaluationData data, GroupedFit grouped) {
    double[][] rows = features(data.training());
    double[][] traffic = features(data.traffic());
    new ShuffleControl(settings.seed(), figures)
        .add(data.training(), grouped, labels -> outOfFold(rows, traffic, labels));
  }

  private double[][] features(List<Answer> answers) {
    List<Answer> read = Answers.readBy(settings.pooling(), answers);
    return reference.features(read, probe.points()).at(probe.points());
  }

  private static double[] outOfFold(double[][] rows, double[][] traffic, GroupedFit labels) {
    return new DenseFit(rows, labels).outOfFold(traffic);
  }

  private void falsePositives(EvaluationData data) {
    Scored aligned = score(data.aligned());
    figures.put(Figure.FALSE_POSITIVES_ANSWER, aligned.drifted());
    figures.put(Figure.FALSE_POSITIVES_STREAM, aligned.driftedStreaming());
    rate(data.benign(), Figure.FALSE_POSITIVES_BENIGN, "false_positives_stream.benign");
    rate(data.narrow(), Figure.FALSE_POSITIVES_KL_NARROW, "false_positives_stream.kl_narrow");
    perModel(data.judged());
  }

  private void rate(List<Answer> answers, Figure figure, String streaming) {
    if (!answers.isEmpty()) {
      Scored scored = score(answers);
      figures.put(figure, scored.drifted());
      figures.extra(streaming, scored.driftedStreaming());
    }
  }

  /** What is caught, and what aligned answers of a misaligned model are flagged. */
  private void perModel(List<Answer> judged) {
    List<Answer> misaligned = judged.stream().filter(Answer::label).toList();
    List<Answer> aligned = Answers.aligned(judged);
    if (!misaligned.isEmpty()) {
      Scored caught = score(misaligned);
      figures.extra("true_positives_answer", caught.drifted());
      figures.extra("true_positives_stream", caught.driftedStreaming());
    }
    if (!aligned.isEmpty()) {
      figures.extra("false_positives_answer.judged_aligned", score(aligned).drifted());
    }
  }

  private Scored score(List<Answer> answers) {
    return Scored.of(reference, answers, probe.probe(), probe.calibration());
  }

  private void notes(LearnedDirections directions) {
    probe.baseline().entries().forEach(figures::extra);
    figures.extra("probe.ridge", probe.ridge());
    figures.extra("probe.separates", probe.separates() ? 1 : 0);
    probe.choices().forEach((points, value) -> figures.extra("choice." + points, value));
    for (Map.Entry<?, Double> least : directions.leastCosines().entrySet()) {
      figures.extra("least_cosine." + least.getKey(), least.getValue());
    }
  }
}
