package dev.plumbline.core.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitConformalTest {

  @Test
  void rank_ofDecimalAlphas_isExact() {
    assertThat(SplitConformal.rank(99, 0.01)).isEqualTo(99);
    assertThat(SplitConformal.rank(100, 0.01)).isEqualTo(100);
    assertThat(SplitConformal.rank(199, 0.01)).isEqualTo(198);
    assertThat(SplitConformal.rank(999, 0.01)).isEqualTo(990);
    for (int n = 99; n < 20_000; n += 100) {
      for (int percent = 1; percent < 100; percent++) {
        int exact = (n + 1) / 100 * (100 - percent);
        assertThat(SplitConformal.rank(n, percent / 100.0)).isEqualTo(exact);
      }
    }
  }

  @Test
  void threshold_tooFewScores_saysHowManyAreNeeded() {
    assertThat(SplitConformal.needed(0.01)).isEqualTo(99);
    assertThat(SplitConformal.needed(0.03)).isEqualTo(33);
    assertThat(SplitConformal.needed(0.9)).isEqualTo(1);
    assertThatThrownBy(() -> SplitConformal.threshold(new double[98], 0.01))
        .hasMessageContainingAll("99 or more", "found 98", "alpha 0.01");
    assertThat(SplitConformal.threshold(scores(99), 0.01)).isEqualTo(98);
  }

  @Test
  void threshold_everyHeldOutScore_isExceededByExactlyTheNominalShare() {
    // Of n+1 distinct scores each in turn is "the next one": exactly ⌊α(n+1)⌋ lie above.
    for (double alpha : new double[] {0.01, 0.05, 0.1, 0.33}) {
      int n = 250;
      double[] all = scores(n + 1);
      long above =
          IntStream.rangeClosed(0, n)
              .filter(i -> all[i] > SplitConformal.threshold(without(all, i), alpha))
              .count();
      assertThat(above).isEqualTo((long) Math.floor(alpha * (n + 1)));
    }
  }

  @Test
  void threshold_ofTies_neverExceedsTheNominalShare() {
    double[] all = IntStream.range(0, 200).mapToDouble(i -> i % 3).toArray();
    long above =
        IntStream.range(0, 200)
            .filter(i -> all[i] > SplitConformal.threshold(without(all, i), 0.05))
            .count();
    assertThat(above).isLessThanOrEqualTo(10);
  }

  @Test
  void threshold_nan_isRefused() {
    double[] scores = scores(100);
    scores[3] = Double.NaN;
    assertThatThrownBy(() -> SplitConformal.threshold(scores, 0.1)).hasMessageContaining("NaN");
  }

  private static double[] scores(int n) {
    return IntStream.range(0, n).mapToDouble(i -> i * 7919L % n).toArray();
  }

  private static double[] without(double[] all, int left) {
    return IntStream.range(0, all.length).filter(i -> i != left).mapToDouble(i -> all[i]).toArray();
  }
}
