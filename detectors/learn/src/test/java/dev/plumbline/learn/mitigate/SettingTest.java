package dev.plumbline.learn.mitigate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings go as far as their intervention goes. */
class SettingTest {
  private static final int LAYERS = 3;

  private static Setting of(double strength) {
    return new Setting(Setting.Kind.AFFINE, strength, LayerSet.parse("all", 8));
  }

  @Test
  void strength_upToTwo_isTaken() {
    assertThat(of(2).amount()).isEqualTo(2);
    assertThat(of(1.5).name()).isEqualTo("affine-1.5-all");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 2.01, Double.NaN, Double.POSITIVE_INFINITY})
  void strength_thatNoAblationHas_isRefused(double strength) {
    assertThatThrownBy(() -> of(strength)).hasMessageContaining("--strengths: wanted numbers");
  }

  private static Intervention at(Setting.Kind kind, double amount, TapPoint point) {
    LayerSet layers = LayerSet.parse(kind == Setting.Kind.STEER ? "1" : "all", LAYERS);
    InterventionPlan plan = new Setting(kind, amount, layers).plan(artefact(), TokenRange.ALL);
    return plan.interventions().get(point);
  }

  /** Along (1, 0) with an aligned mean of 3 and a spread of 2 everywhere. */
  private static Artefact artefact() {
    return PlantedArtefact.of(LAYERS, Direction.of(new double[] {1, 0}), 3, 2);
  }

  @Test
  void plan_ofEachKind_putsTheProjectionWhereItSays() {
    TapPoint point = TapPoint.residPost(1);
    double[] far = {10, 5};
    assertThat(at(Setting.Kind.PLAIN, 1, point).apply(far)).containsExactly(0, 5);
    assertThat(at(Setting.Kind.AFFINE, 0.5, point).apply(far)).containsExactly(6.5, 5);
    assertThat(at(Setting.Kind.CAP, 1, point).apply(far)).containsExactly(5, 5);
    assertThat(at(Setting.Kind.CAP, 1, point).apply(new double[] {4, 5})).containsExactly(4, 5);
    assertThat(at(Setting.Kind.SET, -1, point).apply(far)).containsExactly(1, 5);
    assertThat(at(Setting.Kind.STEER, -1, point).apply(far)).containsExactly(8, 5);
    assertThat(at(Setting.Kind.STEER, -1, TapPoint.residMid(1))).isNull();
    assertThat(at(Setting.Kind.CAP, 1, TapPoint.residMid(1))).isNotNull();
  }

  @Test
  void amounts_thatDoNothing_orPushTwice_areRefused() {
    LayerSet all = LayerSet.parse("all", LAYERS);
    assertThatThrownBy(() -> new Setting(Setting.Kind.SET, 0, all))
        .hasMessageContaining("--coefficients: wanted finite numbers other than 0");
    assertThatThrownBy(() -> new Setting(Setting.Kind.CAP, Double.NaN, all))
        .hasMessageContaining("--ceilings");
    assertThatThrownBy(() -> new Setting(Setting.Kind.STEER, -1, all))
        .hasMessageContaining("one layer: pushes at several add up");
    assertThatThrownBy(() -> Setting.Kind.parse("nudge"))
        .hasMessageContaining("plain, affine, cap");
  }
}
