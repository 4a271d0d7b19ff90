package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {
  @ParameterizedTest
  @CsvSource({"0,0,1", "1,0,1", "5,0,0.0625", "0,10,0.001953125", "3,7,0.34375", "6,6,1"})
  void exact_smallCounts_isTheCoinsTail(long gained, long lost, double p) {
    assertThat(McNemar.exact(gained, lost)).isCloseTo(p, within(1e-12));
  }

  @Test
  void exact_isSymmetric() {
    assertThat(McNemar.exact(40, 90)).isEqualTo(McNemar.exact(90, 40)).isLessThan(1e-4);
  }
}
