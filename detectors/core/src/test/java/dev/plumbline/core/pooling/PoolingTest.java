package dev.plumbline.core.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PoolingTest {

  private static final double[] READOUTS = new Random(5).doubles(50, -1, 1).toArray();

  /** Fifty sums of values up to 1: at most 50 roundings of one ulp each. */
  private static final double ROUNDING = 50 * Math.ulp(1.0);

  @Test
  void runningMean_everyPrefix_isItsMean() {
    double[] pooled = pooled(new RunningMean(), READOUTS);
    for (int t = 1; t <= READOUTS.length; t++) {
      assertThat(pooled[t - 1]).isCloseTo(mean(0, t), within(ROUNDING));
    }
  }

  @Test
  void exponentialMean_halfLife_halvesTheWeight() {
    double[] pooled = pooled(new ExponentialMean(1), new double[] {8, 2, 5});
    assertThat(pooled)
        .containsExactly(new double[] {8, (4 + 2) / 1.5, (2 + 1 + 5) / 1.75}, within(8 * ROUNDING));
  }

  @Test
  void exponentialMean_constant_staysThere() {
    assertThat(pooled(new ExponentialMean(16), new double[] {3, 3, 3})).containsExactly(3, 3, 3);
  }

  @Test
  void slidingMaximum_everyPrefix_isTheLargestFullWindow() {
    double[] pooled = pooled(new SlidingMaximum(4), READOUTS);
    assertThat(pooled[1]).isCloseTo(mean(0, 2), within(ROUNDING));
    double largest = Double.NEGATIVE_INFINITY;
    for (int t = 4; t <= READOUTS.length; t++) {
      largest = Math.max(largest, mean(t - 4, t));
      assertThat(pooled[t - 1]).isCloseTo(largest, within(ROUNDING));
    }
  }

  @Test
  void lastPromptToken_secondReadout_isRefused() {
    Pool pool = new LastPromptToken().start();
    assertThat(pool.add(2.5)).isEqualTo(2.5);
    assertThatThrownBy(() -> pool.add(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void start_twice_sharesNothing() {
    for (Pooling pooling : all()) {
      pooling.start().add(100);
      assertThat(pooling.start().add(1)).as(pooling.wireName()).isEqualTo(1);
    }
  }

  @Test
  void wireName_parsed_isTheSame() {
    assertThat(all())
        .extracting(Pooling::wireName)
        .containsExactly(
            "running_mean", "exponential_mean.16", "sliding_maximum.8", "last_prompt_token");
    assertThat(all()).allSatisfy(p -> assertThat(Pooling.parse(p.wireName())).isEqualTo(p));
    for (String bad :
        List.of("mean", "sliding_maximum.", "sliding_maximum.0", "exponential_mean.x")) {
      assertThatThrownBy(() -> Pooling.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static List<Pooling> all() {
    return List.of(
        new RunningMean(), new ExponentialMean(16), new SlidingMaximum(8), new LastPromptToken());
  }

  private static double[] pooled(Pooling pooling, double[] readouts) {
    Pool pool = pooling.start();
    return Arrays.stream(readouts).map(pool::add).toArray();
  }

  private static double mean(int from, int to) {
    return Arrays.stream(READOUTS, from, to).average().orElseThrow();
  }
}
