package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference is the normal equations, h' = h − α Aᵀ(AAᵀ)⁻¹(Ah − μ): no axes at all. */
class SubspaceAblationTest extends InterventionContract {

  @Override
  List<SubspaceAblation> variants(Direction direction) {
    Subspace three = Subspace.of(slanted(direction));
    return List.of(
        SubspaceAblation.plain(slanted(direction).toArray(Direction[]::new)),
        new SubspaceAblation(three, 1, List.of(0.5, -1.5, 2.0)),
        new SubspaceAblation(three, 0.3, List.of(0.5, -1.5, 2.0)),
        new SubspaceAblation(Subspace.of(List.of(direction)), 1, List.of(1.5)));
  }

  /** Three directions, two of them at about 18° to each other. */
  static List<Direction> slanted(Direction direction) {
    Direction other = RandomDirection.unit(D, 900);
    return List.of(
        direction,
        Direction.of(direction.addTo(times(other, 0.33), 1)),
        RandomDirection.unit(D, 901));
  }

  private static double[] times(Direction direction, double c) {
    return direction.addTo(new double[D], c);
  }

  /** The normal equations square the condition: 1/sin² of the smallest angle, about 10. */
  @Override
  double condition() {
    return 100;
  }

  @Override
  double[] byHand(Intervention intervention, double[] h) {
    SubspaceAblation ablation = (SubspaceAblation) intervention;
    List<Direction> rows = ablation.subspace().directions();
    int k = rows.size();
    double[][] system = new double[k][k + 1];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        system[i][j] = rows.get(i).cosine(rows.get(j));
      }
      system[i][k] = rows.get(i).dot(h) - ablation.baselines().get(i);
    }
    double[] solved = Elimination.solve(system);
    double[] moved = h;
    for (int i = 0; i < k; i++) {
      moved = rows.get(i).addTo(moved, -ablation.strength() * solved[i]);
    }
    return moved;
  }

  @Test
  void full_anyState_leavesEachDirectionsBaseline() {
    forEach(
        (intervention, h) -> {
          SubspaceAblation ablation = (SubspaceAblation) intervention;
          double[] after = ablation.apply(h);
          for (int i = 0; i < ablation.baselines().size() && ablation.strength() == 1; i++) {
            assertThat(ablation.subspace().directions().get(i).dot(after))
                .isCloseTo(ablation.baselines().get(i), within(condition() * tolerance(h, 10)));
          }
        });
  }

  @Test
  void full_twice_isTheSameAsOnceAndPlainNeverLarger() {
    forEach(
        (intervention, h) -> {
          SubspaceAblation ablation = (SubspaceAblation) intervention;
          double[] once = ablation.apply(h);
          if (ablation.strength() == 1) {
            assertThat(ablation.apply(once))
                .containsExactly(once, within(condition() * tolerance(h, norm(once))));
          }
          if (ablation.baselines().stream().allMatch(each -> each == 0)) {
            assertThat(norm(once)).isLessThanOrEqualTo(norm(h) + tolerance(h, 0));
          }
        });
  }

  @Test
  void full_oneAfterTheOther_wouldLeaveSomeOfTheFirst() {
    List<Direction> slanted = slanted(RandomDirection.unit(D, 1));
    double[] h = RandomDirection.unit(D, 2).exact();
    double[] chained = h;
    for (Direction each : slanted) {
      chained = DirectionalAblation.plain(each).apply(chained);
    }
    assertThat(Math.abs(slanted.get(0).dot(chained))).isGreaterThan(1e-3);
    double[] spanned = SubspaceAblation.plain(slanted.toArray(Direction[]::new)).apply(h);
    assertThat(slanted.get(0).dot(spanned)).isCloseTo(0, within(tolerance(h, 1)));
  }

  @Test
  void subspace_nearlyDependentDirections_isRefusedNamingWhich() {
    Direction d = RandomDirection.unit(D, 1);
    Direction near = Direction.of(d.addTo(times(RandomDirection.unit(D, 2), 0.005), 1));
    assertThatThrownBy(() -> Subspace.of(List.of(d, RandomDirection.unit(D, 3), near)))
        .hasMessageContainingAll("direction 2 of a subspace", "0.01 outside the span", "leave it");
    assertThatThrownBy(() -> Subspace.of(List.of(d, d.negated())))
        .hasMessageContaining("direction 1 of a subspace");
    assertThatThrownBy(() -> Subspace.of(List.of())).hasMessageContaining("at least one");
    assertThatThrownBy(() -> Subspace.of(List.of(d, Direction.of(1, 2))))
        .hasMessageContaining("size " + D);
  }

  @Test
  void subspace_barelyAllowed_isStillOrthonormal() {
    Direction d = RandomDirection.unit(D, 1);
    Direction near = Direction.of(d.addTo(times(RandomDirection.unit(D, 2), 0.012), 1));
    List<Direction> axes = Subspace.of(List.of(d, near)).axes();
    assertThat(axes.get(0).cosine(axes.get(1))).isCloseTo(0, within(4 * D * EPSILON));
    assertThat(axes.get(1).cosine(axes.get(1))).isCloseTo(1, within(4 * D * EPSILON));
  }

  @Test
  void construction_strengthOrBaselinesOff_isRefused() {
    Subspace one = Subspace.of(List.of(RandomDirection.unit(D, 1)));
    assertThatThrownBy(() -> new SubspaceAblation(one, 0, List.of(0.0)))
        .hasMessageContaining("strength");
    assertThatThrownBy(() -> new SubspaceAblation(one, 1, List.of()))
        .hasMessageContaining("baselines");
    assertThatThrownBy(() -> new SubspaceAblation(one, 1, List.of(Double.NaN)))
        .hasMessageContaining("baseline");
  }
}
