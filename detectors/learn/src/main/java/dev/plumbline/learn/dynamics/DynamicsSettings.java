package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Hsic;

/**
 * How checkpoints are read.
 *
 * @param folds of the grouped split; every row is scored by a probe that saw none of its group
 * @param c inverse strength of the probe's L2 penalty as scikit-learn counts it: λ = 1/(c·n)
 * @param hsic of the information plane
 * @param permutations of the labels, for the plane's null
 * @param seed of folds, shuffles and permutations
 */
public record DynamicsSettings(int folds, double c, Hsic hsic, int permutations, long seed) {
  public DynamicsSettings {
    Check.that(folds >= 2, "folds", "2 or more", folds, "raise it");
    Check.positive(c, "C of the probes");
    Check.that(permutations > 1, "permutations", "2 or more", permutations, "raise it");
  }

  /** Five folds, C = 1 and nHSIC as published, 100 permutations. */
  public static DynamicsSettings of(long seed) {
    return new DynamicsSettings(5, 1, Hsic.PUBLISHED, 100, seed);
  }
}
