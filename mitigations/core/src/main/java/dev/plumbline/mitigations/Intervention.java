package dev.plumbline.mitigations;

import dev.plumbline.core.direction.Direction;

/**
 * A change to one token's hidden state at one tap point. Pure data: the reference below is float64,
 * the runtime compiles {@link #coefficients} into its layer program and answers with a {@link
 * Receipt}.
 */
public sealed interface Intervention permits DirectionalAblation, Steering, Capping {

  /** The direction {@code [D]} along which alone the state changes. */
  Direction direction();

  /** The compiled form. */
  EditCoefficients coefficients();

  /** The float64 reference: {@code h'} {@code [D]}, a new array; {@code hidden} is read only. */
  default double[] apply(double[] hidden) {
    return coefficients().apply(hidden, direction());
  }

  /** The receipt of {@link #apply} for one token. */
  default Receipt receipt(double[] hidden) {
    return Receipt.ofToken(coefficients().change(direction().dot(hidden)));
  }
}
