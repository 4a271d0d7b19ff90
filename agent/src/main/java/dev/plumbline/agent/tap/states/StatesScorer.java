package dev.plumbline.agent.tap.states;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Turns hidden states of the serving model into a reading.
 *
 * <p>They always answer <em>have these weights moved</em>: {@code model_shift}, over the answer
 * tokens of all choices. They answer <em>is this answer misaligned</em> only where the serving
 * weights are the artefact's own or ones it was calibrated on; for any other weights the verdict is
 * {@code unscored(wrong_model)}, because a finetune's own states flag its aligned answers too.
 *
 * <p>On the heap, in float64: one dot product per token and readout. Thread-safe, keeps nothing.
 */
public final class StatesScorer {
  private final Artefact artefact;
  private final boolean scores;
  private final Optional<Readout> shift;

  private StatesScorer(Artefact artefact, Fit fit) {
    this.artefact = artefact;
    this.scores = fit instanceof Fit.Exact || fit instanceof Fit.Validated;
    this.shift =
        artefact
            .modelShift()
            .flatMap(base -> artefact.direction(base.tapPoint()))
            .map(tap -> Readout.projection("shift", tap.tapPoint(), tap.direction()));
  }

  /**
   * The scorer of an artefact for one origin.
   *
   * @param fit how the artefact fits the model the origin serves
   * @param points where the tap takes states
   * @throws IllegalArgumentException if the artefact is for another model, or neither its probe nor
   *     its model shift can be read at these tap points
   */
  public static StatesScorer of(Artefact artefact, Fit fit, List<TapPoint> points) {
    Check.that(
        !(fit instanceof Fit.Refused),
        "artefact " + artefact.name(),
        "one that fits the served model",
        fit.explain(),
        "learn a direction for this model");
    StatesScorer scorer = new StatesScorer(artefact, fit);
    Check.that(
        scorer.readsAt(points),
        "tap points of the origin",
        "those of artefact " + artefact.name() + ": " + scorer.wanted(),
        points,
        "have the server hand out these layers, or learn a direction there");
    return scorer;
  }

  private boolean readsAt(List<TapPoint> points) {
    boolean probe = scores && points.containsAll(artefact.probe().readout().tapPoints());
    return probe || (shift.isPresent() && points.containsAll(shift.get().tapPoints()));
  }

  private String wanted() {
    String probe = scores ? artefact.probe().readout().tapPoints() + " for the score" : "no score";
    return probe
        + ", "
        + shift.map(Readout::tapPoints).map(Object::toString).orElse("none")
        + " for model_shift";
  }

  /** What a {@code model_shift} is measured from; absent where there is none. */
  public Optional<ModelShift> baseline() {
    return shift.isPresent() ? artefact.modelShift() : Optional.empty();
  }

  /** Reads an exchange; with several choices the verdict is the worst one's. Never throws. */
  public Reading read(Found found) {
    return found instanceof Found.Missing missing
        ? Reading.unscored(missing.reason())
        : read((Found.States) found);
  }

  private Reading read(Found.States states) {
    long start = System.nanoTime();
    List<ChoiceReading> choices = new ArrayList<>();
    for (ChoiceStates choice : states.choices()) {
      choices.add(new ChoiceReading(artefact, scores, shift, choice));
    }
    if (choices.size() < Math.max(1, states.wanted())) {
      choices.add(ChoiceReading.absent());
    }
    Verdict worst = Verdict.worst(choices.stream().map(ChoiceReading::verdict).toList());
    ChoiceReading chosen =
        choices.stream().filter(c -> c.verdict().equals(worst)).findFirst().orElseThrow();
    return new Reading(
        worst,
        chosen.z(),
        modelShift(choices),
        choices.stream().mapToInt(ChoiceReading::tokens).sum(),
        Optional.of(artefact.name()),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private OptionalDouble modelShift(List<ChoiceReading> choices) {
    int tokens = choices.stream().mapToInt(ChoiceReading::shiftTokens).sum();
    double sum = choices.stream().mapToDouble(ChoiceReading::shiftSum).sum();
    Optional<ModelShift> baseline = artefact.modelShift();
    return tokens == 0 || baseline.isEmpty() || !Double.isFinite(sum)
        ? OptionalDouble.empty()
        : OptionalDouble.of(baseline.get().z(sum / tokens));
  }

  /** Why nothing of a choice could be used. */
  static Verdict unscored(UnscoredReason reason) {
    return new Verdict.Unscored(reason);
  }
}
