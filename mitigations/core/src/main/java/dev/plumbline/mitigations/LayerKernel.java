package dev.plumbline.mitigations;

import dev.plumbline.core.Check;

/**
 * An ablation strength for each layer: {@code most} at a position, falling in a straight line to
 * {@code least} at a distance from it, and 0 beyond. The shape with which per-layer ablation is
 * searched for by optimisers.
 *
 * @param most strength at the position, from 0 (nothing is taken out) to 2
 * @param position in layers, 0-based; may lie between two
 * @param least strength at the distance, from 0 to {@code most}
 * @param distance in layers, above 0: the last that is touched
 */
public record LayerKernel(double most, double position, double least, double distance) {

  public LayerKernel {
    Check.that(
        most >= 0 && most <= 2,
        "greatest strength of a layer kernel",
        "a number from 0 to 2",
        most,
        "correct it");
    Check.finite(position, "position of a layer kernel");
    Check.that(
        least >= 0 && least <= most,
        "least strength of a layer kernel",
        "a number from 0 to the most, " + most,
        least,
        "swap them");
    Check.positive(distance, "distance of a layer kernel");
  }

  /** The strength at a layer; 0 where nothing is taken out. */
  public double strength(int layer) {
    double away = Math.abs(layer - position) / distance;
    return away > 1 ? 0 : (1 - away) * most + away * least;
  }
}
