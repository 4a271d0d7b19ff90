package dev.plumbline.learn.selection;

import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.HeldOutScores;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.mitigations.Writers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Candidates (tap point × tokens they were read at), their trials, the choice, and the choice as
 * directions: the one vector at every writer.
 */
public final class Selection {
  private final List<Trials.Candidate> candidates = new ArrayList<>();
  private final ActivationCollector reference;
  private final List<Answer> judged;

  /**
   * @param judged labelled answers to prompts that nothing was learned from, for held-out scores
   */
  public Selection(ActivationCollector reference, List<Answer> judged) {
    this.reference = reference;
    this.judged = List.copyOf(judged);
  }

  /** Every tap point at which a direction was found, borrowed ones left out. */
  public Selection add(String name, LearnedDirections learned) {
    List<TapDirection> own =
        learned.directions().stream()
            .filter(tap -> !learned.borrowed().containsKey(tap.tapPoint()))
            .toList();
    List<Readout> readouts =
        own.stream().map(tap -> Readout.projection(name, tap.tapPoint(), tap.direction())).toList();
    double[] heldOut = HeldOutScores.aurocs(reference, judged, readouts);
    for (int k = 0; k < own.size(); k++) {
      TapPoint point = own.get(k).tapPoint();
      candidates.add(
          new Trials.Candidate(
              name, point, own.get(k).direction(), learned.length(point), heldOut[k]));
    }
    return this;
  }

  /**
   * Tries all candidates and chooses.
   *
   * @param rule {@code published} or {@code held-out}
   */
  public Choice choose(String rule, Trials trials, Progress progress) {
    PublishedRule published = PublishedRule.of(trials.layers());
    return Choice.of(rule, published, trials.of(candidates, progress), trials.untouched());
  }

  /** The chosen direction at every writer, with its own baseline at each. */
  public LearnedDirections apply(
      Choice choice, LearnedDirections learned, DirectionLearner learner, List<Answer> aligned) {
    Trial chosen = choice.choice().orElseThrow();
    Direction one =
        candidates.stream()
            .filter(each -> each.name().equals(chosen.candidate()))
            .filter(each -> each.point().toString().equals(chosen.point()))
            .map(Trials.Candidate::direction)
            .findFirst()
            .orElseThrow();
    Map<TapPoint, Direction> everywhere = new HashMap<>();
    Writers.of(reference.layers()).forEach(point -> everywhere.put(point, one));
    return learned.shared(
        learner.baseline(everywhere, aligned),
        "one direction at every writer, of "
            + chosen.candidate()
            + " at "
            + chosen.point()
            + " by the "
            + choice.rule()
            + " rule");
  }
}
