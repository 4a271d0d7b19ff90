package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

/**
 * What the normalised HSIC of Qian et al. (2024) is taken with: kernel {@code K_ij = exp(−D²_ij /
 * (2 σ² d))} over d features, {@code R = K_c (K_c + ε m I)⁻¹} over m rows, {@code nHSIC(x,y) =
 * tr(R_x R_y)} (Fukumizu et al., 2007). A proxy of mutual information without unit, not nats.
 *
 * @param sigma σ, above 0
 * @param epsilon ε, above 0
 */
public record Hsic(double sigma, double epsilon) {

  /** σ = 50, ε = 1e-5, as published. */
  public static final Hsic PUBLISHED = new Hsic(50, 1e-5);

  public Hsic {
    Check.positive(sigma, "HSIC sigma");
    Check.positive(epsilon, "HSIC epsilon");
  }

  /** The same ε, with the σ whose {@code 2 σ² d} is the median squared distance of the rows. */
  public Hsic withMedianSigma(double[][] rows) {
    double median = Distances.medianSquared(rows);
    Check.that(
        median > 0, "HSIC, median distance", "above 0", median, "use rows that differ, or a σ");
    return new Hsic(Math.sqrt(median / (2 * rows[0].length)), epsilon);
  }
}
