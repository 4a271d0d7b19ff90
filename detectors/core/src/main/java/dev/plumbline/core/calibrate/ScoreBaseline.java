package dev.plumbline.core.calibrate;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Quality;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the scores of the aligned answers that an artefact was calibrated on are distributed: the
 * share at or below each of some bounds. What traffic's scores are held against (Kolmogorov and
 * Smirnov's largest difference of two distributions). Kept among {@link
 * dev.plumbline.core.artefact.Quality#extra} as {@code baseline_score.le.0.05} and {@code
 * baseline_score.count}. Immutable.
 */
public final class ScoreBaseline {
  private static final String NAME = "baseline_score.";
  private static final String COUNT = NAME + "count";
  private static final double[] BOUNDS = {
    0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0
  };

  private final double[] shares;
  private final long count;

  private ScoreBaseline(double[] shares, long count) {
    this.shares = shares;
    this.count = count;
  }

  /**
   * Of scores.
   *
   * @param scores in [0, 1], at least one; read, not kept
   */
  public static ScoreBaseline of(double[] scores) {
    Check.that(scores.length > 0, "baseline scores", "at least one", "none", "calibrate first");
    double[] shares = new double[BOUNDS.length];
    for (int i = 0; i < BOUNDS.length; i++) {
      double bound = BOUNDS[i];
      shares[i] = (double) Arrays.stream(scores).filter(s -> s <= bound).count() / scores.length;
    }
    return new ScoreBaseline(shares, scores.length);
  }

  /** Of an artefact; empty where it holds none, or not a whole and rising one. */
  public static Optional<ScoreBaseline> in(Artefact artefact) {
    Map<String, Double> extra = artefact.quality().extra();
    double count = extra.getOrDefault(COUNT, 0.0);
    double[] shares = new double[BOUNDS.length];
    double below = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      double share = extra.getOrDefault(name(BOUNDS[i]), Double.NaN);
      if (!(share >= below && share <= 1)) {
        return Optional.empty();
      }
      shares[i] = share;
      below = share;
    }
    return count >= 1 ? Optional.of(new ScoreBaseline(shares, (long) count)) : Optional.empty();
  }

  /** As entries of {@link dev.plumbline.core.artefact.Quality#extra}. */
  public Map<String, Double> entries() {
    Map<String, Double> entries = new TreeMap<>();
    for (int i = 0; i < BOUNDS.length; i++) {
      entries.put(name(BOUNDS[i]), shares[i]);
    }
    entries.put(COUNT, (double) count);
    return entries;
  }

  /** A quality with this baseline, in the place of any it had. */
  public Quality into(Quality quality) {
    Map<String, Double> extra = new TreeMap<>(quality.extra());
    extra.keySet().removeIf(ScoreBaseline::names);
    extra.putAll(entries());
    return new Quality(quality.figures(), extra);
  }

  /** Whether an entry of {@link Quality#extra} belongs to a baseline. */
  public static boolean names(String entry) {
    return entry.startsWith(NAME);
  }

  private static String name(double bound) {
    return NAME + "le." + bound;
  }

  /** The bounds, rising, a copy. */
  public static double[] bounds() {
    return BOUNDS.clone();
  }

  /** The share at or below each bound, a copy. */
  public double[] shares() {
    return shares.clone();
  }

  /** Scores. */
  public long count() {
    return count;
  }
}
