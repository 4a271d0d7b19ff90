package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CappingTest extends AlongOneContract {

  @Override
  List<Capping> variants(Direction direction) {
    return List.of(
        Capping.above(direction, 1),
        new Capping(direction, -0.5, 0.5),
        new Capping(direction, 2, Double.POSITIVE_INFINITY));
  }

  @Override
  double expected(Intervention intervention, double p) {
    Capping capping = (Capping) intervention;
    return p > capping.ceiling() ? capping.ceiling() : Math.max(p, capping.floor());
  }

  @Test
  void apply_stateWithinTheLimits_changesNoBit() {
    Direction d = Direction.of(1, 1);
    double[] h = {0.1, 0.2};
    assertThat(Capping.above(d, 1).apply(h)).containsExactly(h);
    assertThat(Capping.above(d, 1).receipt(h)).isEqualTo(new Receipt(1, 0, 0));
  }

  @Test
  void atPercentiles_measured_limitsThatShareOfTheTokensItWasMeasuredOn() {
    Direction d = RandomDirection.unit(D, 3);
    double[] aligned = new Random(5).doubles(4000, -3, 5).toArray();
    Capping capping =
        Capping.atPercentiles(
            d,
            new AlignedProjections.Measured(aligned),
            OptionalDouble.of(0.1),
            OptionalDouble.of(0.75));
    double below = Arrays.stream(aligned).filter(p -> p < capping.floor()).count();
    double above = Arrays.stream(aligned).filter(p -> p > capping.ceiling()).count();
    assertThat(below / 4000).isCloseTo(0.1, within(1.0 / 4000));
    assertThat(above / 4000).isCloseTo(0.25, within(1.0 / 4000));
    Capping half =
        Capping.atPercentiles(
            d, new AlignedProjections.Normal(2, 3), OptionalDouble.empty(), OptionalDouble.of(0.5));
    assertThat(half.ceiling()).isCloseTo(2, within(1e-12));
    assertThat(half.floor()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void construction_withoutLimitsOrReversed_isRefused() {
    Direction d = Direction.of(1, 0);
    double inf = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> new Capping(d, -inf, inf)).hasMessageContaining("capping limits");
    assertThatThrownBy(() -> new Capping(d, 1, 0)).hasMessageContaining("capping limits");
    assertThatThrownBy(() -> new Capping(d, Double.NaN, 0)).hasMessageContaining("capping limits");
    assertThatThrownBy(() -> new Capping(d, inf, inf)).hasMessageContaining("capping limits");
  }
}
