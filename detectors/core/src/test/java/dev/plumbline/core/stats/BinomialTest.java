package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class BinomialTest {

  @Test
  void interval_noneAndAll_haveTheClosedForm() {
    Interval none = Binomial.interval(0, 100, 0.95);
    assertThat(none.low()).isZero();
    assertThat(none.high()).isCloseTo(1 - Math.pow(0.025, 0.01), within(1e-12));
    Interval all = Binomial.interval(100, 100, 0.95);
    assertThat(all.low()).isCloseTo(Math.pow(0.025, 0.01), within(1e-12));
    assertThat(all.high()).isEqualTo(1);
  }

  @Test
  void interval_ends_leaveTheTailsTheySay() {
    for (int n : new int[] {1, 7, 40, 300}) {
      for (int k = 1; k < n; k += Math.max(1, n / 9)) {
        Interval interval = Binomial.interval(k, n, 0.9);
        assertThat(atLeast(k, n, interval.low())).isCloseTo(0.05, within(1e-10));
        assertThat(1 - atLeast(k + 1, n, interval.high())).isCloseTo(0.05, within(1e-10));
      }
    }
  }

  @Test
  void interval_twentyOfTwoThousand_holdsOnePercent() {
    Interval interval = Binomial.interval(20, 2_000, 0.95);
    assertThat(interval.contains(0.01)).isTrue();
    assertThat(interval.contains(0.02)).isFalse();
    assertThat(Binomial.estimate(20, 2_000, 0.95)).isEqualTo(Estimate.of(0.01, interval, 2_000));
  }

  @Test
  void interval_manyTrials_meetsTheNormalOne() {
    Interval interval = Binomial.interval(500_000, 1_000_000, 0.95);
    // Half-width 1.959964·√(¼/n) = 0.00098; the exact one is wider by at most 1/n.
    assertThat(interval.high() - interval.low()).isCloseTo(2 * 1.959964 * 0.0005, within(2e-6));
  }

  @Test
  void interval_impossibleCounts_areRefused() {
    assertThatThrownBy(() -> Binomial.interval(3, 2, 0.9)).hasMessageContaining("0 to 2");
    assertThatThrownBy(() -> Binomial.interval(0, 0, 0.9)).hasMessageContaining("trials");
    assertThatThrownBy(() -> Binomial.interval(0, 1, 95)).hasMessageContaining("confidence");
  }

  @Test
  void logGamma_wholeNumbers_isTheLogFactorial() {
    double sum = 0;
    for (int n = 1; n < 200; n++) {
      assertThat(IncompleteBeta.logGamma(n)).isCloseTo(sum, within(1e-12 * Math.max(1, sum)));
      sum += Math.log(n);
    }
    assertThat(IncompleteBeta.logGamma(0.5)).isCloseTo(Math.log(Math.PI) / 2, within(1e-13));
  }

  /** P(X ≥ k), summed in 40 decimal digits. */
  private static double atLeast(int k, int n, double chance) {
    MathContext digits = new MathContext(40);
    BigDecimal p = new BigDecimal(chance);
    BigDecimal q = BigDecimal.ONE.subtract(p);
    BigDecimal sum = BigDecimal.ZERO;
    BigInteger choose = BigInteger.ONE;
    for (int i = 0; i <= n; i++) {
      if (i >= k) {
        BigDecimal term = p.pow(i, digits).multiply(q.pow(n - i, digits), digits);
        sum = sum.add(term.multiply(new BigDecimal(choose), digits), digits);
      }
      choose = choose.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1L));
    }
    return sum.doubleValue();
  }
}
