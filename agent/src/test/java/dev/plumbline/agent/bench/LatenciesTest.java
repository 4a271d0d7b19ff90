package dev.plumbline.agent.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void quantile_ofTheFirstHundred_isItsNearestRank() {
    Latencies times = new Latencies();
    for (int i = 2000; i >= 1; i--) {
      times.add(i);
    }
    assertThat(times.count()).isEqualTo(2000);
    assertThat(times.quantile(0.5)).isEqualTo(1000);
    assertThat(times.quantile(0.99)).isEqualTo(1980);
    assertThat(times.quantile(1)).isEqualTo(2000);
  }

  @Test
  void quantile_ofNothing_isNaN() {
    assertThat(new Latencies().quantile(0.5)).isNaN();
  }
}
