package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnitBootstrapTest {
  @Test
  void estimate_meanOfNormals_isAsWideAsTheStandardErrorSays() {
    double[] values = new Random(1).doubles(400).toArray();
    Estimate found =
        new UnitBootstrap(400, 2000, 3)
            .estimate(picks -> Arrays.stream(picks).mapToDouble(i -> values[i]).sum() / 400);
    double error = 1.96 * Math.sqrt(1 / 12.0 / 400);
    assertThat(found.high() - found.low()).isCloseTo(2 * error, within(0.15 * 2 * error));
    assertThat(found.value()).isEqualTo(Arrays.stream(values).sum() / 400);
    assertThat(found.count()).isEqualTo(400);
  }

  @Test
  void estimate_differenceOfEqualFigures_isZeroInEveryDraw() {
    Estimate found = new UnitBootstrap(20, 100, 1).estimate(picks -> sum(picks) - sum(picks));
    assertThat(found.low()).isZero();
    assertThat(found.high()).isZero();
  }

  private static double sum(int[] picks) {
    return Arrays.stream(picks).sum();
  }
}
