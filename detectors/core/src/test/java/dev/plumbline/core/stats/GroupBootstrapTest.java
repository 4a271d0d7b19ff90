package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
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
}
