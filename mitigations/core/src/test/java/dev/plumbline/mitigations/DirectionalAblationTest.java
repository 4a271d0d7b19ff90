package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectionalAblationTest extends AlongOneContract {

  @Override
  List<DirectionalAblation> variants(Direction direction) {
    return List.of(
        DirectionalAblation.plain(direction),
        DirectionalAblation.affine(direction, 1.5),
        new DirectionalAblation(direction, 0.3, -2),
        new DirectionalAblation(direction, 1.5, 0.2));
  }

  @Override
  double expected(Intervention intervention, double p) {
    DirectionalAblation ablation = (DirectionalAblation) intervention;
    return (1 - ablation.strength()) * p + ablation.strength() * ablation.baseline();
  }

  @Test
  void plain_anyState_leavesNoProjectionAndNeverALargerNorm() {
    forEach(
        (any, h) -> {
          DirectionalAblation plain = DirectionalAblation.plain(((AlongOne) any).direction());
          double[] after = plain.apply(h);
          assertThat(plain.direction().dot(after)).isCloseTo(0, within(tolerance(h, 0)));
          assertThat(norm(after)).isLessThanOrEqualTo(norm(h) * (1 + (D + 2) * EPSILON));
        });
  }

  @Test
  void plain_ofAnyStrength_neverMakesTheNormLarger() {
    forEach(
        (any, h) -> {
          for (double strength : new double[] {0.1, 0.9, 1.3, 2}) {
            double[] after =
                new DirectionalAblation(((AlongOne) any).direction(), strength, 0).apply(h);
            assertThat(norm(after)).isLessThanOrEqualTo(norm(h) + tolerance(h, 0));
          }
        });
  }

  @Test
  void full_twice_isTheSameAsOnce() {
    forEach(
        (intervention, h) -> {
          DirectionalAblation ablation = (DirectionalAblation) intervention;
          if (ablation.strength() == 1) {
            double[] once = ablation.apply(h);
            assertThat(ablation.apply(once)).containsExactly(once, within(tolerance(h, 2)));
          }
        });
  }

  @Test
  void affine_anyState_leavesTheBaseline() {
    Direction d = RandomDirection.unit(D, 4);
    forEach(
        (any, h) ->
            assertThat(d.dot(DirectionalAblation.affine(d, 1.5).apply(h)))
                .isCloseTo(1.5, within(tolerance(h, 1.5))));
  }

  @Test
  void construction_withoutEffectOrOvershooting_isRefused() {
    Direction d = Direction.of(1, 0);
    for (double bad : new double[] {0, -1, 2.01, Double.NaN}) {
      assertThatThrownBy(() -> new DirectionalAblation(d, bad, 0)).hasMessageContaining("strength");
    }
    assertThatThrownBy(() -> DirectionalAblation.affine(d, Double.NaN))
        .hasMessageContaining("baseline");
  }
}
