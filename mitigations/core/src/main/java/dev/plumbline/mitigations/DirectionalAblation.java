package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import java.util.Objects;

/**
 * Takes a direction out: {@code h' = h − α·((h·d) − μ)·d}.
 *
 * <p>Plain with μ = 0 (Arditi et al. 2024, "Refusal in language models is mediated by a single
 * direction"); affine with μ the aligned mean projection, which leaves the state where aligned
 * states lie instead of at an origin no state lies at.
 *
 * @param direction what is taken out
 * @param strength α in (0, 1]; 1 takes all of it
 * @param baseline μ in residual units
 */
public record DirectionalAblation(Direction direction, double strength, double baseline)
    implements Intervention {

  public DirectionalAblation {
    Objects.requireNonNull(direction, "direction");
    Check.that(
        strength > 0 && strength <= 1,
        "ablation strength",
        "a number in (0, 1]",
        strength,
        "leave the intervention out for 0; steer for more than 1");
    Check.finite(baseline, "ablation baseline");
  }

  /** All of it, to 0. */
  public static DirectionalAblation plain(Direction direction) {
    return new DirectionalAblation(direction, 1, 0);
  }

  /** All of it, to the aligned mean. */
  public static DirectionalAblation affine(Direction direction, double baseline) {
    return new DirectionalAblation(direction, 1, baseline);
  }

  @Override
  public EditCoefficients coefficients() {
    return EditCoefficients.unbounded(strength, 0, baseline);
  }
}
