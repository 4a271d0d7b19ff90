package dev.plumbline.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  @Test
  void threshold_noScoreCanExceed_isRefused() {
    for (double bad : new double[] {1, 1.5, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> calibration(new Sigmoid(1, 0), bad, 0.5))
          .hasMessageContaining("threshold_answer");
      assertThatThrownBy(() -> calibration(new Sigmoid(1, 0), 0.5, bad))
          .hasMessageContaining("threshold_stream");
    }
  }

  @Test
  void slope_notRising_isRefused() {
    assertThatThrownBy(() -> calibration(new Sigmoid(-1, 0), 0.5, 0.5))
        .hasMessageContaining("slope");
    assertThatThrownBy(() -> calibration(new Sigmoid(0, 0), 0.5, 0.5))
        .hasMessageContaining("slope");
  }

  @Test
  void sigmoid_farOut_neitherOverflowsNorLeavesTheRange() {
    Sigmoid sigmoid = new Sigmoid(2, -1);
    assertThat(sigmoid.score(0.5)).isEqualTo(0.5);
    assertThat(sigmoid.score(1e9)).isEqualTo(1);
    assertThat(sigmoid.score(-1e9)).isZero();
    assertThat(sigmoid.score(-300)).isPositive();
    assertThat(sigmoid.z(sigmoid.score(1.25))).isCloseTo(1.25, within(1e-14));
  }

  @Test
  void checkpoints_firstAndEvery_areCounted() {
    assertThat(checked(Checkpoints.EVERY_TOKEN)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(checked(Checkpoints.every(4))).containsExactly(4, 8);
    assertThat(checked(new Checkpoints(3, 2))).containsExactly(3, 5, 7, 9);
  }

  @Test
  void offsetScale_beyondTheLast_reusesIt() {
    OffsetScale scale = new OffsetScale(new double[] {1, 2}, new double[] {4, 2});
    assertThat(scale.standardise(1, 9)).isEqualTo(2);
    assertThat(scale.standardise(2, 8)).isEqualTo(3);
    assertThat(scale.standardise(5_000_000_000L, 8)).isEqualTo(3);
    assertThatThrownBy(() -> scale.standardise(0, 1)).hasMessageContaining("1 or more");
  }

  @Test
  void offsetScale_noSpread_isRefused() {
    assertThatThrownBy(() -> new OffsetScale(new double[] {1, 1}, new double[] {1, 0}))
        .hasMessageContaining("aligned spread at offset 2");
    assertThatThrownBy(() -> new OffsetScale(new double[0], new double[0]))
        .hasMessageContaining("at least one");
  }

  private static int[] checked(Checkpoints checkpoints) {
    return IntStream.rangeClosed(0, 10).filter(checkpoints::at).toArray();
  }

  private static Calibration calibration(Sigmoid sigmoid, double answer, double stream) {
    return new Calibration(sigmoid, answer, stream, 0.01, 1000, Checkpoints.EVERY_TOKEN);
  }
}
