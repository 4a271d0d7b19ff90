package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import java.util.List;

/**
 * Another intervention, after which the state is brought back to its length: {@code h'' = h' ·
 * ‖h‖/‖h'‖}. Layers that were trained on states of one length then see no shorter ones; in turn the
 * part orthogonal to the axes is stretched, and a target other than 0 is only met in proportion.
 *
 * <p>A state that lies wholly in what was taken out has no direction left to stretch: the factor is
 * at most {@link #MOST}, so that rounding is not made into a state, and a zero vector stays one.
 *
 * @param inner what is done first; not itself norm-preserving
 */
public record NormPreserving(Intervention inner) implements Intervention {

  /** Largest factor. */
  public static final double MOST = 64;

  public NormPreserving {
    Check.that(
        !inner.keepsNorm(), "norm preservation", "an intervention without", inner, "do it once");
  }

  @Override
  public List<AxisEdit> edits() {
    return inner.edits();
  }

  @Override
  public boolean keepsNorm() {
    return true;
  }

  @Override
  public double[] apply(double[] hidden) {
    double[] moved = inner.apply(hidden);
    double length = norm(hidden);
    double least = Math.max(norm(moved), length / MOST);
    double factor = least > 0 ? length / least : 0;
    for (int i = 0; i < moved.length; i++) {
      moved[i] *= factor;
    }
    return moved;
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
