package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClusterBootstrapTest {
  @Test
  void ratio_ofCounts_isPooledAndCountsClusters() {
    Estimate found =
        ClusterBootstrap.ratio(new double[] {1, 3}, new double[] {2, 10}, 200, 0.95, 1);
    assertThat(found.value()).isEqualTo(4.0 / 12);
    assertThat(found.count()).isEqualTo(2);
    assertThat(found.low()).isEqualTo(0.3);
    assertThat(found.high()).isEqualTo(0.5);
  }

  @Test
  void ratio_ofUnlikeClusters_isWiderThanBinomial() {
    double[] top = {50, 0, 0, 0, 50, 0, 0, 0};
    double[] bottom = new double[8];
    Arrays.fill(bottom, 50);
    Estimate found = ClusterBootstrap.ratio(top, bottom, 2000, 0.95, 3);
    Interval alone = Binomial.interval(100, 400, 0.95);
    assertThat(found.high() - found.low()).isGreaterThan(3 * (alone.high() - alone.low()));
  }

  @Test
  void mean_ofNormalValues_coversAsOftenAsItSays() {
    Random random = new Random(7);
    int covered = 0;
    for (int run = 0; run < 200; run++) {
      double[] values = random.doubles(60).map(x -> random.nextGaussian()).toArray();
      Interval interval = ClusterBootstrap.mean(values, 400, 0.9, run).interval().orElseThrow();
      covered += interval.contains(0) ? 1 : 0;
    }
    assertThat(covered).isBetween(165, 195);
  }

  @Test
  void ratio_withEmptyClusters_isFinite() {
    Estimate found = ClusterBootstrap.ratio(new double[] {0, 1}, new double[] {0, 2}, 50, 0.9, 1);
    assertThat(found.high()).isEqualTo(0.5);
  }

  @Test
  void ratio_ofNothing_isRefused() {
    assertThatThrownBy(() -> ClusterBootstrap.ratio(new double[2], new double[2], 10, 0.9, 1))
        .hasMessageContaining("sum over clusters");
    assertThatThrownBy(() -> ClusterBootstrap.mean(new double[1], 10, 0.9, 1))
        .hasMessageContaining("2 or more");
  }
}
