package dev.plumbline.core.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.residual.TapPoint;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadoutTest {

  private static final TapPoint FIRST = TapPoint.residPost(0);
  private static final TapPoint SECOND = TapPoint.residPost(1);

  private final Readout readout =
      new Readout("em", Map.of(SECOND, new float[] {0, 3}, FIRST, new float[] {1, 2}), 0.5);

  @Test
  void evaluate_severalTapPoints_sumsAllAndTheBias() {
    Map<TapPoint, float[]> hidden =
        Map.of(FIRST, new float[] {1, 10}, SECOND, new float[] {7, 100});
    assertThat(readout.evaluate(hidden)).isEqualTo(0.5 + 1 + 20 + 300);
  }

  @Test
  void evaluate_missingTapPointOrWidth_isRefused() {
    assertThatThrownBy(() -> readout.evaluate(Map.of(FIRST, new float[2])))
        .hasMessageContaining("wanted a value at resid_post.1, found none");
    assertThatThrownBy(() -> readout.evaluate(Map.of(FIRST, new float[2], SECOND, new float[3])))
        .hasMessageContaining("wanted size 2, found 3");
  }

  @Test
  void construction_badWeights_isRefused() {
    assertThatThrownBy(() -> new Readout("em", Map.of(), 0)).hasMessageContaining("tap point");
    assertThatThrownBy(() -> new Readout("em", Map.of(FIRST, new float[] {Float.NaN}), 0))
        .hasMessageContaining("resid_post.0");
    assertThatThrownBy(
            () -> new Readout("em", Map.of(FIRST, new float[1], SECOND, new float[2]), 0))
        .hasMessageContaining("size 1");
    assertThatThrownBy(() -> new Readout("em", Map.of(FIRST, new float[1]), Double.NaN))
        .hasMessageContaining("bias");
  }

  @Test
  void tapPoints_ofAReadout_areInForwardOrderAndReadOnly() {
    assertThat(readout.tapPoints()).containsExactly(FIRST, SECOND);
    assertThatThrownBy(() -> readout.tapPoints().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void equality_byContent_ignoresTheArraysIdentity() {
    Map<TapPoint, float[]> weights = new HashMap<>();
    weights.put(FIRST, new float[] {1, 2});
    weights.put(SECOND, new float[] {0, 3});
    Readout same = new Readout("em", weights, 0.5);
    weights.get(FIRST)[0] = 9;
    same.weights(SECOND)[0] = 9;
    assertThat(same).isEqualTo(readout).hasSameHashCodeAs(readout);
    assertThat(new Readout("em", weights, 0.5)).isNotEqualTo(readout);
  }

  @Test
  void projection_onADirection_isItsDot() {
    Direction d = Direction.of(0, 1);
    assertThat(Readout.projection("p", FIRST, d).evaluate(Map.of(FIRST, new float[] {5, 7})))
        .isEqualTo(d.dot(new float[] {5, 7}));
  }
}
