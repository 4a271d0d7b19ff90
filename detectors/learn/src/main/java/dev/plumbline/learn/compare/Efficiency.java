package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.UnitBootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Loss on the task as a function of a solution's norm, {@code L(c·θ̂)}: how much each unit of norm
 * buys (Soligo et al. 2026). Per text, so that intervals and paired differences can be taken.
 *
 * @param base loss of the bare model
 * @param meanNorm mean norm of the trained solutions
 * @param shares of {@code meanNorm} at which all are compared
 * @param curves one a solution
 */
public record Efficiency(PerText base, double meanNorm, List<Double> shares, List<Curve> curves) {
  /**
   * One solution.
   *
   * @param scales c
   * @param scaled loss at each c
   * @param matched loss at each share of the mean norm
   */
  public record Curve(
      String name,
      Role role,
      double norm,
      List<Double> scales,
      List<PerText> scaled,
      List<PerText> matched) {}

  /** Reads the texts 31 times a solution (by the published grids). */
  public static Efficiency measure(Texts texts, List<Candidate> candidates, Runnable tick) {
    double mean = Candidate.meanNorm(candidates);
    PerText base = texts.losses(Applied.NOTHING);
    List<Curve> curves = new ArrayList<>();
    for (Candidate candidate : candidates) {
      Change solution = candidate.solution();
      List<Double> scales = Grids.scales(solution);
      List<PerText> scaled = scales.stream().map(c -> texts.losses(solution.at(c))).toList();
      List<PerText> matched =
          Grids.MATCHED.stream().map(s -> texts.losses(solution.atNorm(s * mean))).toList();
      curves.add(
          new Curve(candidate.name(), candidate.role(), solution.norm(), scales, scaled, matched));
      tick.run();
    }
    return new Efficiency(base, mean, Grids.MATCHED, curves);
  }

  /** A solution's curve by name. */
  public Curve curve(String name) {
    return curves.stream()
        .filter(curve -> curve.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Check.refusal("curve " + name, "a solution", "none", "name another"));
  }

  /** The paper's scalar, {@code L(θ̂)/‖θ̂‖²}, in nats: small is efficient. */
  public Estimate lossPerNorm(Curve curve, UnitBootstrap over) {
    PerText own = curve.scaled().get(curve.scales().indexOf(1.0));
    return over.estimate(picks -> own.mean(picks) / (curve.norm() * curve.norm()));
  }

  /** What the loss falls by at a share of the mean norm, in nats a token. */
  public Estimate reduction(Curve curve, int share, UnitBootstrap over) {
    return over.estimate(picks -> base.mean(picks) - curve.matched().get(share).mean(picks));
  }

  /**
   * By how much less one solution loses than another at equal norm, in nats a token: the mean over
   * the shares up to 1, none of which takes both beyond what they were trained to. Paired by text.
   */
  public Estimate advantage(String one, String other, UnitBootstrap over) {
    List<PerText> mine = curve(one).matched();
    List<PerText> its = curve(other).matched();
    int[] upToMean =
        IntStream.range(0, shares.size()).filter(i -> shares.get(i) <= 1 + 1e-9).toArray();
    return over.estimate(
        picks ->
            IntStream.of(upToMean)
                .mapToDouble(i -> its.get(i).mean(picks) - mine.get(i).mean(picks))
                .average()
                .orElseThrow());
  }
}
