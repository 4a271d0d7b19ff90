package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormPreservingTest extends InterventionContract {

  @Override
  List<NormPreserving> variants(Direction direction) {
    return List.of(
        new NormPreserving(DirectionalAblation.plain(direction)),
        new NormPreserving(new DirectionalAblation(direction, 0.4, 1)),
        new NormPreserving(Capping.above(direction, 0)),
        new NormPreserving(
            SubspaceAblation.plain(
                SubspaceAblationTest.slanted(direction).toArray(Direction[]::new))));
  }

  /** Of the subspace's own reference. */
  @Override
  double condition() {
    return 100;
  }

  @Override
  double[] byHand(Intervention intervention, double[] h) {
    if (!(intervention instanceof NormPreserving kept)) {
      return intervention instanceof SubspaceAblation subspace
          ? new SubspaceAblationTest().byHand(subspace, h)
          : intervention.apply(h);
    }
    double[] moved = byHand(kept.inner(), h);
    double factor = norm(h) / norm(moved);
    return sum(new double[D], moved, factor);
  }

  @Test
  void plain_anyState_stillLeavesNothingAndTwiceIsOnce() {
    forEach(
        (any, h) -> {
          Direction d = any.edits().get(0).direction();
          NormPreserving plain = new NormPreserving(DirectionalAblation.plain(d));
          double[] once = plain.apply(h);
          assertThat(d.dot(once)).isCloseTo(0, within(2 * tolerance(h, 0)));
          assertThat(plain.apply(once)).containsExactly(once, within(2 * tolerance(h, 0)));
        });
  }

  @Test
  void apply_stateThatIsNothingElse_isNotMadeOfRounding() {
    Direction d = RandomDirection.unit(D, 1);
    NormPreserving plain = new NormPreserving(DirectionalAblation.plain(d));
    double[] along = d.addTo(new double[D], 1000);
    assertThat(norm(plain.apply(along))).isLessThan(NormPreserving.MOST * tolerance(along, 0));
    assertThat(plain.apply(new double[D])).containsOnly(0);
  }

  @Test
  void construction_twice_isRefused() {
    NormPreserving once = new NormPreserving(DirectionalAblation.plain(RandomDirection.unit(D, 1)));
    assertThatThrownBy(() -> new NormPreserving(once)).hasMessageContaining("do it once");
  }
}
