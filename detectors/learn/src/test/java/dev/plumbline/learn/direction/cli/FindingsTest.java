package dev.plumbline.learn.direction.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FindingsTest {
  private static final double NONE = Double.NaN;

  @Test
  void best_pointsThatWereNotMeasured_neverWin() {
    assertThat(Findings.best(new double[] {NONE, 0.6, NONE, 0.8, 0.7})).isEqualTo(3);
    assertThat(Findings.best(new double[] {0.9, NONE})).isZero();
  }

  @Test
  void best_nothingMeasured_isTheMiddle() {
    assertThat(Findings.best(new double[] {NONE, NONE, NONE, NONE, NONE})).isEqualTo(2);
  }
}
