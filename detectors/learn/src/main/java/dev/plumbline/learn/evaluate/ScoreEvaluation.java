package dev.plumbline.learn.evaluate;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.RunningScore;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Example;
import dev.plumbline.core.stats.PromptBootstrap;
import dev.plumbline.core.stats.Reliability;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.direction.Scored;
import dev.plumbline.learn.direction.StateReader;
import dev.plumbline.learn.direction.WithinModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Holds one artefact, as it would serve, against answers and their controls. Nothing of the
 * artefact is fitted again. Uses the reader, does not own it.
 */
public final class ScoreEvaluation {
  private static final int BINS = 10;
  private static final int RESAMPLES = 500;
  private static final double CONFIDENCE = 0.95;

  private final StateReader reference;
  private final Artefact artefact;
  private final Probe probe;
  private final Calibration calibration;
  private final int draws;
  private final long seed;

  /**
   * @param reference reads with the aligned reference's weights
   * @param draws random directions, 19 or more to tell anything at 5 %
   */
  public ScoreEvaluation(StateReader reference, Artefact artefact, int draws, long seed) {
    this.reference = reference;
    this.artefact = artefact;
    this.probe = artefact.probe();
    this.calibration = artefact.calibration();
    this.draws = draws;
    this.seed = seed;
  }

  /** The reading that an artefact's pooling takes its number from. */
  public static Reading reading(Artefact artefact) {
    return artefact.probe().pooling() instanceof LastPromptToken
        ? Reading.LAST_PROMPT_TOKEN
        : Reading.ANSWER_MEAN;
  }

  /** Where an artefact's probe reads, in forward order. */
  public static List<TapPoint> points(Artefact artefact) {
    return List.copyOf(artefact.probe().readout().tapPoints());
  }

  /**
   * All figures.
   *
   * @param states of the judged answers at {@link #points} and {@link #reading}
   * @param controls of the same answers at the same points
   */
  public ScoreFigures evaluate(EvaluationAnswers data, StateRows states, ControlTable controls) {
    List<Answer> judged = data.judged();
    List<double[][]> tokens = tokens(judged);
    List<double[]> own = tokens.stream().map(each -> each[0]).toList();
    Scored scored = Scored.of(judged, own, probe, calibration);
    double[] z = scored.z();
    Claim claim =
        new Claim(FoldFigures.across(judged, z, seed), WithinModel.auroc(judged, z, seed));
    Optional<RandomControl> random = RandomControl.of(probe.readout(), states, draws, seed);
    List<Example> examples = Scored.examples(judged, Answers.labels(judged), scored.values());
    double rate = examples.stream().filter(Example::positive).count() / (double) examples.size();
    List<Flagged> flagged = flagged(data, scored);
    List<Alarm> alarms = new ArrayList<>(Alarms.of(claim, controls, random));
    alarms.addAll(OwnAlarms.of(artefact, judged, flagged));
    return new ScoreFigures(
        artefact.name(),
        calibration.alpha(),
        claim,
        WithinModel.perModel(judged, z, seed),
        projections(judged, tokens),
        random,
        Reliability.of(examples, BINS, CONFIDENCE),
        over(examples, drawn -> Reliability.of(drawn, BINS, CONFIDENCE).expectedError()),
        over(examples, Reliability::brier),
        rate * (1 - rate),
        flagged,
        OffsetCurve.of(judged, own, probe, calibration, seed),
        samples(judged, scored.values()),
        alarms);
  }

  private Estimate over(List<Example> examples, ToDoubleFunction<List<Example>> figure) {
    return PromptBootstrap.of(examples, figure, RESAMPLES, CONFIDENCE, seed);
  }

  /** The probe's readout, then each editing direction's, at every token {@code [N][1+K][T]}. */
  private List<double[][]> tokens(List<Answer> judged) {
    List<Readout> readouts = new ArrayList<>();
    readouts.add(probe.readout());
    for (TapDirection tap : artefact.directions()) {
      readouts.add(Readout.projection("direction", tap.tapPoint(), tap.direction()));
    }
    return reference.readouts(Answers.readBy(probe.pooling(), judged), readouts);
  }

  private Map<String, Estimate> projections(List<Answer> judged, List<double[][]> tokens) {
    Map<String, Estimate> projections = new LinkedHashMap<>();
    for (int k = 0; k < artefact.directions().size(); k++) {
      int at = k + 1;
      double[] means =
          tokens.stream()
              .mapToDouble(each -> Arrays.stream(each[at]).average().orElseThrow())
              .toArray();
      String point = artefact.directions().get(k).tapPoint().toString();
      WithinModel.auroc(judged, means, seed).ifPresent(within -> projections.put(point, within));
    }
    return projections;
  }

  private List<Flagged> flagged(EvaluationAnswers data, Scored judged) {
    List<Flagged> flagged = new ArrayList<>();
    controls(data).forEach((whose, answers) -> flagged.add(flagged(whose, false, score(answers))));
    for (String model : new TreeSet<>(models(data.judged()))) {
      for (boolean misaligned : new boolean[] {false, true}) {
        Scored own = subset(judged, model, misaligned);
        if (!own.answers().isEmpty()) {
          flagged.add(flagged(model, misaligned, own));
        }
      }
    }
    return flagged;
  }

  private static Map<String, List<Answer>> controls(EvaluationAnswers data) {
    Map<String, List<Answer>> controls = new LinkedHashMap<>();
    controls.put(OwnAlarms.REFERENCE, data.aligned());
    controls.put("benign finetunes", data.benign());
    controls.put("KL-narrow finetunes", data.narrow());
    controls.values().removeIf(List::isEmpty);
    return controls;
  }

  private Scored score(List<Answer> answers) {
    return Scored.of(reference, answers, probe, calibration);
  }

  private static Flagged flagged(String whose, boolean misaligned, Scored scored) {
    return new Flagged(whose, misaligned, scored.drifted(), scored.driftedStreaming());
  }

  private static List<String> models(List<Answer> answers) {
    return answers.stream().map(Answer::model).distinct().toList();
  }

  private static Scored subset(Scored all, String model, boolean misaligned) {
    List<Answer> answers = new ArrayList<>();
    List<RunningScore> scores = new ArrayList<>();
    for (int i = 0; i < all.answers().size(); i++) {
      Answer answer = all.answers().get(i);
      if (answer.model().equals(model) && answer.label() == misaligned) {
        answers.add(answer);
        scores.add(all.scores().get(i));
      }
    }
    return new Scored(answers, scores);
  }

  private static Map<String, double[]> samples(List<Answer> judged, double[] scores) {
    Map<String, List<Double>> samples = new TreeMap<>();
    for (int i = 0; i < scores.length; i++) {
      Answer answer = judged.get(i);
      String name = answer.model() + ", " + (answer.label() ? "misaligned" : "aligned");
      samples.computeIfAbsent(name, key -> new ArrayList<>()).add(scores[i]);
    }
    Map<String, double[]> arrays = new TreeMap<>();
    samples.forEach(
        (name, values) -> arrays.put(name, values.stream().mapToDouble(v -> v).toArray()));
    return arrays;
  }
}
