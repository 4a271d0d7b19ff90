package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.direction.Direction;
import java.util.List;
import org.junit.jupiter.api.Test;

class CappingTest extends InterventionContract {

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
  void construction_withoutLimitsOrReversed_isRefused() {
    Direction d = Direction.of(1, 0);
    double inf = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> new Capping(d, -inf, inf)).hasMessageContaining("capping limits");
    assertThatThrownBy(() -> new Capping(d, 1, 0)).hasMessageContaining("capping limits");
    assertThatThrownBy(() -> new Capping(d, Double.NaN, 0)).hasMessageContaining("capping limits");
    assertThatThrownBy(() -> new Capping(d, inf, inf)).hasMessageContaining("capping limits");
  }
}
