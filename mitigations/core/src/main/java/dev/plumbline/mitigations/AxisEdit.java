package dev.plumbline.mitigations;

import dev.plumbline.core.direction.Direction;
import java.util.Objects;

/**
 * What an intervention does along one of its axes.
 *
 * @param direction the axis {@code [D]}
 * @param coefficients how the projection on it changes
 */
public record AxisEdit(Direction direction, EditCoefficients coefficients) {

  public AxisEdit {
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(coefficients, "coefficients");
  }

  /** {@code p' − p} of a hidden state {@code [D]}. */
  public double change(double[] hidden) {
    return coefficients.change(direction.dot(hidden));
  }
}
