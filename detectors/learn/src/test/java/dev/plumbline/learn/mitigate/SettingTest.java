package dev.plumbline.learn.mitigate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings go as far as an ablation goes. */
class SettingTest {
  private static Setting of(double strength) {
    return new Setting(Setting.Kind.AFFINE, strength, LayerSet.parse("all", 8));
  }

  @Test
  void strength_upToTwo_isTaken() {
    assertThat(of(2).strength()).isEqualTo(2);
    assertThat(of(1.5).name()).isEqualTo("affine-1.5-all");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 2.01, Double.NaN, Double.POSITIVE_INFINITY})
  void strength_thatNoAblationHas_isRefused(double strength) {
    assertThatThrownBy(() -> of(strength)).hasMessageContaining("--strengths: wanted numbers");
  }
}
