package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.UnitBootstrap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much a unit direction matters to the model: {@code KL(base ‖ base with norm·θ̂/‖θ̂‖)} a token
 * on text that has nothing to do with the task, against the norm (Soligo et al. 2026). A mean over
 * tokens of sums over the vocabulary: not divided by V.
 *
 * @param norms the grid, ascending, the first 0
 * @param curves one a solution and control
 */
public record Significance(List<Double> norms, List<Curve> curves) {
  /** KL at each norm. */
  public record Curve(String name, Role role, List<PerText> divergence) {}

  /** Reads the texts once a norm and solution, and once bare. */
  public static Significance measure(
      Texts texts, List<Candidate> candidates, List<Double> norms, Runnable tick) {
    List<Curve> curves = new ArrayList<>();
    for (Candidate candidate : candidates) {
      List<PerText> divergence =
          norms.stream().map(n -> texts.divergences(candidate.solution().atNorm(n))).toList();
      curves.add(new Curve(candidate.name(), candidate.role(), divergence));
      tick.run();
    }
    return new Significance(norms, curves);
  }

  /** A solution's curve by name. */
  public Curve curve(String name) {
    return curves.stream()
        .filter(curve -> curve.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Check.refusal("curve " + name, "a solution", "none", "name another"));
  }

  /** Nats a token at one norm. */
  public Estimate divergence(Curve curve, int norm, UnitBootstrap over) {
    int[] sound = sound();
    return over.estimate(picks -> curve.divergence().get(norm).mean(among(sound, picks)));
  }

  /** Texts for which every curve has a number at every norm; the others are left out of all. */
  public int soundTexts() {
    return sound().length;
  }

  /** The units to draw for {@link #ratio} and {@link #divergence}: the sound texts. */
  public UnitBootstrap bootstrap(int draws, long seed) {
    return new UnitBootstrap(soundTexts(), draws, seed);
  }

  /** KL of one over KL of another at one norm above 0, paired by text. */
  public Estimate ratio(String one, String other, int norm, UnitBootstrap over) {
    int[] sound = sound();
    PerText above = curve(one).divergence().get(norm);
    PerText below = curve(other).divergence().get(norm);
    return over.estimate(
        picks -> above.mean(among(sound, picks)) / below.mean(among(sound, picks)));
  }

  /** The number of the norm that is nearest to one asked for. */
  public int nearest(double norm) {
    return IntStream.range(0, norms.size())
        .boxed()
        .min(java.util.Comparator.comparingDouble(i -> Math.abs(norms.get(i) - norm)))
        .orElseThrow();
  }

  private int[] sound() {
    int texts = curves.get(0).divergence().get(0).texts();
    int[] sound =
        IntStream.range(0, texts)
            .filter(
                t ->
                    curves.stream()
                        .flatMap(curve -> curve.divergence().stream())
                        .allMatch(d -> Double.isFinite(d.sums()[t])))
            .toArray();
    Check.that(sound.length > 0, "texts with numbers", "1 or more", 0, "lower the norms");
    return sound;
  }

  /** A curve over the sound texts alone. */
  List<PerText> sound(Curve curve) {
    int[] sound = sound();
    return curve.divergence().stream()
        .map(
            all ->
                new PerText(
                    Arrays.stream(sound).mapToDouble(t -> all.sums()[t]).toArray(),
                    Arrays.stream(sound).mapToLong(t -> all.counts()[t]).toArray()))
        .toList();
  }

  private static int[] among(int[] sound, int[] picks) {
    return Arrays.stream(picks).map(pick -> sound[pick]).toArray();
  }
}
