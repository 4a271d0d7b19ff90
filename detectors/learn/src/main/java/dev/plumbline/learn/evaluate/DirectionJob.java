package dev.plumbline.learn.evaluate;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.StateReader;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.learn.statistics.Weighting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An evaluation of one set of answers in stages, each finished one kept below the job's folder.
 * Uses the reader and the sampler, does not own them. One thread.
 */
final class DirectionJob {
  private static final int ALIGNED_TRAINING = 600;

  private final JobFolder folder;
  private final ActivationCollector here;
  private final StateReader reader;
  private final Validation validation;
  private final int draws;
  private final Map<String, StateRows> read = new HashMap<>();

  /**
   * @param here of the model that this process has
   * @param reader of all answers: that one, or members
   */
  DirectionJob(
      JobFolder folder,
      ActivationCollector here,
      StateReader reader,
      Validation validation,
      int draws) {
    this.folder = folder;
    this.here = here;
    this.reader = reader;
    this.validation = validation;
    this.draws = draws;
  }

  /** Judged answers' states; read through the model once, whoever asks for them. */
  private StateRows states(EvaluationAnswers data, Reading reading, List<TapPoint> points) {
    return read.computeIfAbsent(
        reading + " " + points, key -> StateRows.read(reader, data.judged(), reading, points));
  }

  /** The table of controls at some tap points. */
  ControlTable controls(EvaluationAnswers data, List<TapPoint> points) {
    return folder.stage(
        "controls-" + Cells.key(points.toString()),
        ControlTable.class,
        () -> {
          Map<Reading, StateRows> states = new LinkedHashMap<>();
          for (Reading reading : Reading.values()) {
            states.put(reading, states(data, reading, points));
          }
          return ControlTable.of(states, validation);
        });
  }

  /** One artefact's figures and alarms. */
  ScoreFigures score(Artefact artefact, int number, EvaluationAnswers data, ControlTable controls) {
    return folder.stage(
        "score-" + number + "-" + Cells.slug(artefact.name()),
        ScoreFigures.class,
        () -> {
          StateRows states =
              states(data, ScoreEvaluation.reading(artefact), ScoreEvaluation.points(artefact));
          return new ScoreEvaluation(reader, artefact, draws, validation.seed())
              .evaluate(data, states, controls);
        });
  }

  /** Detection from model to model; nothing to show with one. */
  List<DetectTransfer> detect(EvaluationAnswers data, Artefact artefact, Set<String> finetunes) {
    List<TapPoint> points = ScoreEvaluation.points(artefact);
    if (data.judged().stream().map(Answer::model).distinct().count() < 2) {
      return List.of();
    }
    return folder
        .stage(
            "detect",
            Findings.Detect.class,
            () -> {
              StateRows states = states(data, Reading.ANSWER_MEAN, points);
              List<DetectTransfer> found = new ArrayList<>();
              found.add(DetectTransfer.meanDifference(states, validation));
              found.add(DetectTransfer.probe(states, validation));
              if (!finetunes.isEmpty()) {
                found.add(byWeights(data, editing(artefact), finetunes));
              }
              return new Findings.Detect(found);
            })
        .found();
  }

  /** What each finetune's weights did to the states of aligned text, held against answers. */
  private DetectTransfer byWeights(EvaluationAnswers data, TapPoint point, Set<String> finetunes) {
    Map<String, double[]> directions = new LinkedHashMap<>();
    for (String name : finetunes) {
      directions.put(
          name,
          new DirectionLearner(here)
              .learn(
                  List.of(new Contrast.Finetune(name, data.aligned())),
                  data.aligned(),
                  List.of(point),
                  Weighting.TOKENS)
              .at(point)
              .direction()
              .exact());
    }
    return DetectTransfer.directions(
        "finetune minus base at " + point,
        directions,
        states(data, Reading.ANSWER_MEAN, List.of(point)),
        validation);
  }

  /** Where the weights show most: the tap point of model_shift, else the last. */
  private static TapPoint editing(Artefact artefact) {
    TapDirection last = artefact.directions().get(artefact.directions().size() - 1);
    return artefact.modelShift().map(ModelShift::tapPoint).orElse(last.tapPoint());
  }

  /** Each finetune whose weights are worn. */
  List<WeightsVersusAnswers> weights(
      EvaluationAnswers data, Artefact artefact, Set<String> finetunes) {
    return folder
        .stage(
            "weights",
            Findings.Weights.class,
            () -> {
              List<WeightsVersusAnswers> found = new ArrayList<>();
              for (String name : finetunes) {
                List<Answer> own =
                    data.judged().stream().filter(a -> a.model().equals(name)).toList();
                found.addAll(
                    WeightsVersusAnswers.measure(
                        reader,
                        name,
                        data.aligned(),
                        own,
                        readouts(artefact),
                        artefact.calibration().alpha(),
                        validation.seed()));
              }
              return new Findings.Weights(found);
            })
        .found();
  }

  /** The probe, unless it reads no answer, and the editing direction where weights show most. */
  static List<Readout> readouts(Artefact artefact) {
    List<Readout> readouts = new ArrayList<>();
    if (!(artefact.probe().pooling() instanceof LastPromptToken)) {
      readouts.add(artefact.probe().readout());
    }
    TapDirection tap = artefact.direction(editing(artefact)).orElseThrow();
    readouts.add(
        Readout.projection("direction at " + tap.tapPoint(), tap.tapPoint(), tap.direction()));
    return readouts;
  }

  /** Ablation from finetune to finetune of an organism. */
  AblateTransfer ablate(OrganismBench bench, OrganismSampler sampler, int perCell) {
    return folder.stage(
        "ablate",
        AblateTransfer.class,
        () -> {
          List<Answer> training = bench.training(sampler, ALIGNED_TRAINING);
          return bench.ablate(sampler, bench.plans(here, training), perCell);
        });
  }

  /** All of it; the ablation where there is an organism. */
  Findings run(
      List<Artefact> artefacts,
      EvaluationAnswers data,
      Set<String> finetunes,
      Optional<AblateTransfer> ablate) {
    Map<String, ControlTable> controls = new LinkedHashMap<>();
    List<ScoreFigures> scores = new ArrayList<>();
    for (Artefact artefact : artefacts) {
      List<TapPoint> points = ScoreEvaluation.points(artefact);
      ControlTable own = controls.computeIfAbsent(points.toString(), key -> controls(data, points));
      scores.add(score(artefact, scores.size() + 1, data, own));
    }
    Artefact first = artefacts.get(0);
    return new Findings(
        controls, scores, detect(data, first, finetunes), weights(data, first, finetunes), ablate);
  }
}
