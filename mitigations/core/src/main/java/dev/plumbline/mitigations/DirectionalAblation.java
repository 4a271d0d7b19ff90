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
 * @param strength α in (0, 2]; 1 takes all of it, more turns it round, 2 mirrors it
 * @param baseline μ in residual units
 */
public record DirectionalAblation(Direction direction, double strength, double baseline)
    implements AlongOne {

  public DirectionalAblation {
    Objects.requireNonNull(direction, "direction");
    requireStrength(strength);
    Check.finite(baseline, "ablation baseline");
  }

  /** Beyond 2 the part that is taken out would come back larger than it was. */
  static void requireStrength(double strength) {
    Check.that(
        strength > 0 && strength <= 2,
        "ablation strength",
        "a number in (0, 2]",
        strength,
        "leave the intervention out for 0; steer for more than 2");
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
