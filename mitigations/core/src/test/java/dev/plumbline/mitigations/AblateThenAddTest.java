package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import java.util.List;
import org.junit.jupiter.api.Test;

class AblateThenAddTest extends AlongOneContract {

  @Override
  List<AblateThenAdd> variants(Direction direction) {
    return List.of(
        new AblateThenAdd(direction, 0, 2, 1.5), new AblateThenAdd(direction, 0.7, -3, 0.25));
  }

  @Override
  double expected(Intervention intervention, double p) {
    AblateThenAdd set = (AblateThenAdd) intervention;
    return set.baseline() + set.coefficient() * set.spread();
  }

  @Test
  void apply_twice_isTheSameAsOnce() {
    forEach(
        (intervention, h) -> {
          double[] once = intervention.apply(h);
          assertThat(intervention.apply(once)).containsExactly(once, within(tolerance(h, 2)));
        });
  }

  @Test
  void apply_isAblationThenSteering() {
    Direction d = Direction.of(1, 2, 2);
    double[] h = {3, -1, 4};
    double[] both = new Steering(d, 2, 1.5).apply(DirectionalAblation.plain(d).apply(h));
    assertThat(new AblateThenAdd(d, 0, 2, 1.5).apply(h))
        .containsExactly(both, within(20 * EPSILON));
  }

  @Test
  void construction_withoutCoefficientOrSpread_isRefused() {
    Direction d = Direction.of(1, 0);
    assertThatThrownBy(() -> new AblateThenAdd(d, 1, 0, 1)).hasMessageContaining("coefficient");
    assertThatThrownBy(() -> new AblateThenAdd(d, 1, 1, 0)).hasMessageContaining("spread");
    assertThatThrownBy(() -> new AblateThenAdd(d, Double.NaN, 1, 1))
        .hasMessageContaining("baseline");
  }
}
