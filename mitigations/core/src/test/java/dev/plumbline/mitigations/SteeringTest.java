package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.direction.Direction;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteeringTest extends AlongOneContract {

  @Override
  List<Steering> variants(Direction direction) {
    return List.of(new Steering(direction, 2, 1.5), new Steering(direction, -4, 0.25));
  }

  @Override
  double expected(Intervention intervention, double p) {
    Steering steering = (Steering) intervention;
    return p + steering.coefficient() * steering.spread();
  }

  @Test
  void construction_withoutEffect_isRefused() {
    Direction d = Direction.of(1, 0);
    assertThatThrownBy(() -> new Steering(d, 0, 1)).hasMessageContaining("coefficient");
    assertThatThrownBy(() -> new Steering(d, Double.NaN, 1)).hasMessageContaining("coefficient");
    assertThatThrownBy(() -> new Steering(d, 1, 0)).hasMessageContaining("spread");
  }
}
