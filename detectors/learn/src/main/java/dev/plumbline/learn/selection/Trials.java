package dev.plumbline.learn.selection;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Divergence;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.TokenRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tries candidate directions on behaviour: taken out at every writer where the behaviour shows and
 * where it does not, and added where it does not.
 *
 * @param next of the model
 * @param score of the behaviour
 * @param layers L
 * @param showing prompts at which the behaviour shows, and through which adapters
 * @param wearing adapters worn at those, empty for the base; the figures are averaged
 * @param quiet prompts at which it does not show, read by the base
 */
public record Trials(
    NextTokens next,
    BehaviourScore score,
    int layers,
    List<long[]> showing,
    List<String> wearing,
    List<long[]> quiet) {
  /**
   * A direction to be tried.
   *
   * @param name of the tokens it was read at
   * @param point canonical
   * @param length of the difference it was made of, residual units: what is added
   * @param heldOut AUROC, NaN if not taken
   */
  public record Candidate(
      String name, TapPoint point, Direction direction, double length, double heldOut) {}

  public Trials {
    showing = List.copyOf(showing);
    wearing = List.copyOf(wearing);
    quiet = List.copyOf(quiet);
    Check.that(
        !showing.isEmpty() && !quiet.isEmpty(),
        "prompts to select with",
        "1 or more of both kinds",
        showing.size() + " and " + quiet.size(),
        "add prompts");
  }

  /** One trial each, in order. */
  public List<Trial> of(List<Candidate> candidates, Progress progress) {
    List<double[]> before = next.after(quiet, Optional.empty(), InterventionPlan.none());
    List<Trial> trials = new ArrayList<>();
    try (Progress.Task bar = progress.begin("selecting", candidates.size())) {
      for (Candidate candidate : candidates) {
        trials.add(trial(candidate, before));
        bar.step(1);
      }
    }
    return trials;
  }

  /** The score with nothing done: where the behaviour shows, and where it does not. */
  public double[] untouched() {
    return new double[] {
      showing(InterventionPlan.none()), score.mean(quiet, Optional.empty(), InterventionPlan.none())
    };
  }

  private Trial trial(Candidate candidate, List<double[]> before) {
    InterventionPlan without = InterventionPlan.shared(candidate.direction(), layers);
    InterventionPlan with =
        new InterventionPlan(
            Map.of(candidate.point(), new Steering(candidate.direction(), 1, candidate.length())),
            TokenRange.ALL);
    return new Trial(
        candidate.name(),
        candidate.point().toString(),
        sourceLayer(candidate.point(), layers),
        showing(without),
        score.mean(quiet, Optional.empty(), with),
        divergence(before, next.after(quiet, Optional.empty(), without)),
        candidate.heldOut());
  }

  private double showing(InterventionPlan plan) {
    if (wearing.isEmpty()) {
      return score.mean(showing, Optional.empty(), plan);
    }
    return wearing.stream()
        .mapToDouble(name -> score.mean(showing, Optional.of(name), plan))
        .average()
        .orElseThrow();
  }

  private static double divergence(List<double[]> before, List<double[]> after) {
    double sum = 0;
    for (int i = 0; i < before.size(); i++) {
      sum += Divergence.nats(before.get(i), after.get(i));
    }
    return sum / before.size();
  }

  /** The layer whose input a state is, as the published rule counts: resid_post l is l+1's. */
  static int sourceLayer(TapPoint point, int layers) {
    if (point.equals(TapPoint.EMBED)) {
      return 0;
    }
    if (point.equals(TapPoint.FINAL_NORM)) {
      return layers;
    }
    return point.site() == Site.RESID_POST ? point.layer() + 1 : point.layer();
  }
}
