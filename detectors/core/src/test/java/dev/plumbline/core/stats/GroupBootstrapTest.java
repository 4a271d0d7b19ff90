package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupBootstrapTest {
  private final GroupBootstrap bootstrap = GroupBootstrap.of(5);

  @Test
  void estimate_ofGroupsThatAgreeInside_isWiderThanOfRows() {
    double[] wrong = new double[10];
    double[] right = new double[10];
    Arrays.fill(right, 0, 5, 20);
    double[] sizes = new double[10];
    Arrays.fill(sizes, 20);

    Estimate grouped = bootstrap.estimate(10, drawn -> GroupBootstrap.ratio(drawn, right, sizes));
    Estimate nothing = bootstrap.estimate(10, drawn -> GroupBootstrap.ratio(drawn, wrong, sizes));

    assertThat(grouped.value()).isEqualTo(0.5);
    assertThat(grouped.high() - grouped.low()).isGreaterThan(0.4);
    assertThat(nothing.high()).isZero();
    assertThat(bootstrap.estimate(10, drawn -> GroupBootstrap.ratio(drawn, right, sizes)))
        .isEqualTo(grouped);
  }

  @Test
  void estimate_ofOneGroup_isRefused() {
    assertThatThrownBy(() -> bootstrap.estimate(1, drawn -> 0)).hasMessageContaining("2 or more");
  }

  @Test
  void ratio_ofCounts_isPooledAndCountsGroups() {
    Estimate found =
        new GroupBootstrap(200, 0.95, 1).ratio(new double[] {1, 3}, new double[] {2, 10});
    assertThat(found.value()).isEqualTo(4.0 / 12);
    assertThat(found.count()).isEqualTo(2);
    assertThat(found.low()).isEqualTo(0.3);
    assertThat(found.high()).isEqualTo(0.5);
  }

  @Test
  void ratio_ofUnlikeGroups_isWiderThanBinomial() {
    double[] top = {50, 0, 0, 0, 50, 0, 0, 0};
    double[] bottom = new double[8];
    Arrays.fill(bottom, 50);
    Estimate found = new GroupBootstrap(2000, 0.95, 3).ratio(top, bottom);
    Interval alone = Binomial.interval(100, 400, 0.95);
    assertThat(found.high() - found.low()).isGreaterThan(3 * (alone.high() - alone.low()));
  }

  @Test
  void mean_ofNormalValues_coversAsOftenAsItSays() {
    Random random = new Random(7);
    int covered = 0;
    for (int run = 0; run < 200; run++) {
      double[] values = random.doubles(60).map(x -> random.nextGaussian()).toArray();
      Interval interval = new GroupBootstrap(400, 0.9, run).mean(values).interval().orElseThrow();
      covered += interval.contains(0) ? 1 : 0;
    }
    assertThat(covered).isBetween(165, 195);
  }

  @Test
  void ratio_withEmptyGroups_isFinite() {
    Estimate found = new GroupBootstrap(50, 0.9, 1).ratio(new double[] {0, 1}, new double[] {0, 2});
    assertThat(found.high()).isEqualTo(0.5);
  }

  @Test
  void ratio_ofNothing_isRefused() {
    assertThatThrownBy(() -> new GroupBootstrap(10, 0.9, 1).ratio(new double[2], new double[2]))
        .hasMessageContaining("sum over groups");
    assertThatThrownBy(() -> new GroupBootstrap(10, 0.9, 1).mean(new double[1]))
        .hasMessageContaining("2 or more");
  }
}
