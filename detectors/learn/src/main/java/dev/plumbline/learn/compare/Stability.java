package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.UnitBootstrap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a random turn of a solution costs: {@code 100 (L_turned − L) / (L_base − L)} per cent of
 * what it had gained, against ε of {@link Rotation}; A and B are turned separately (Soligo et al.
 * 2026).
 *
 * @param base loss of the bare model, nats a token
 * @param epsilons the grid
 * @param curves of the solutions that lose less than the bare model
 * @param withoutGain names of those that do not: there is nothing to lose
 */
public record Stability(
    double base, List<Double> epsilons, List<Curve> curves, List<String> withoutGain) {
  /** ε above this leaves nothing of any solution and tells none from another. */
  private static final double COMPARED = 0.5;

  /**
   * One solution.
   *
   * @param loss as it is, nats a token
   * @param turned losses, {@code [ε][seed]}
   */
  public record Curve(String name, Role role, double loss, List<List<Double>> turned) {}

  /**
   * Reads the texts {@code 12·seeds} times a solution.
   *
   * @param seeds turns at each ε; the same for every solution of one shape
   */
  public static Stability measure(
      Texts texts, List<Candidate> candidates, int seeds, long seed, Runnable tick) {
    Check.that(seeds > 1, "turns at each epsilon", "2 or more", seeds, "raise it");
    double base = texts.losses(Applied.NOTHING).mean();
    List<Curve> curves = new ArrayList<>();
    List<String> withoutGain = new ArrayList<>();
    for (Candidate candidate : candidates) {
      Change solution = candidate.solution();
      double loss = texts.losses(solution.at(1)).mean();
      if (candidate.role() != Role.RANDOM && !(loss < base)) {
        withoutGain.add(candidate.name());
      } else if (candidate.role() != Role.RANDOM) {
        curves.add(
            new Curve(
                candidate.name(), candidate.role(), loss, turned(texts, solution, seeds, seed)));
        tick.run();
      }
    }
    return new Stability(base, Grids.EPSILONS, curves, withoutGain);
  }

  private static List<List<Double>> turned(Texts texts, Change solution, int seeds, long seed) {
    List<List<Double>> losses = new ArrayList<>();
    for (double epsilon : Grids.EPSILONS) {
      losses.add(
          IntStream.range(0, seeds)
              .mapToObj(i -> solution.turned(epsilon, new Random(seed + i)))
              .map(turned -> texts.losses(turned.at(1)).mean())
              .toList());
    }
    return losses;
  }

  /** A solution's curve by name. */
  public Curve curve(String name) {
    return curves.stream()
        .filter(curve -> curve.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Check.refusal("curve " + name, "a solution", "none", "name another"));
  }

  /** Per cent of the gain that is lost, of one turn. */
  public double degradation(Curve curve, int epsilon, int turn) {
    double gain = base - curve.loss();
    return 100 * (curve.turned().get(epsilon).get(turn) - curve.loss()) / gain;
  }

  /** The same, mean over the turns with its interval. */
  public Estimate degradation(Curve curve, int epsilon, UnitBootstrap over) {
    return over.estimate(
        turns ->
            Arrays.stream(turns)
                .mapToDouble(turn -> degradation(curve, epsilon, turn))
                .average()
                .orElseThrow());
  }

  /** Mean over ε up to one half. */
  public Estimate degradation(Curve curve, UnitBootstrap over) {
    return over.estimate(turns -> mean(curve, turns));
  }

  /** How much more of its gain {@code other} loses than {@code one}, in points; ε up to a half. */
  public Estimate advantage(String one, String other, UnitBootstrap over) {
    return over.estimate(turns -> advantage(one, other, turns));
  }

  /** The same of some turns, by number. */
  public double advantage(String one, String other, int[] turns) {
    return mean(curve(other), turns) - mean(curve(one), turns);
  }

  private double mean(Curve curve, int[] turns) {
    return IntStream.range(0, epsilons.size())
        .filter(e -> epsilons.get(e) <= COMPARED)
        .mapToDouble(
            e ->
                Arrays.stream(turns).mapToDouble(t -> degradation(curve, e, t)).average().orElse(0))
        .average()
        .orElseThrow();
  }
}
