package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.adapters.Finding.Result;
import org.junit.jupiter.api.Test;

class FindingTest {
  private static final Finding.Bounds BOUNDS = new Finding.Bounds(0.5, 1);

  @Test
  void states_thatFallToZero_areVerified_whicheverSignTheyHad() {
    assertThat(of(true, 4, 0.01, 4)).isEqualTo(Result.VERIFIED);
    assertThat(of(true, -4, -0.01, -4)).isEqualTo(Result.VERIFIED);
    assertThat(of(true, 4, 2, 4)).isEqualTo(Result.VERIFIED);
  }

  @Test
  void statesThatTurnOver_areNotTakenOut() {
    assertThat(of(true, 4, -4, 4)).isEqualTo(Result.INEFFECTIVE);
  }

  @Test
  void noChange_isIneffective() {
    assertThat(of(true, 4, 4, 4)).isEqualTo(Result.INEFFECTIVE);
    assertThat(of(false, 4, 4, 4)).isEqualTo(Result.INEFFECTIVE);
    assertThat(of(false, 4, 2.1, 4)).isEqualTo(Result.INEFFECTIVE);
    assertThat(of(false, 4, 9, 4)).isEqualTo(Result.INEFFECTIVE);
  }

  @Test
  void texts_thatBecomeAligned_areVerified_evenBelowTheMean() {
    assertThat(of(false, 4, 0.1, 4)).isEqualTo(Result.VERIFIED);
    assertThat(of(false, 4, -3, 4)).isEqualTo(Result.VERIFIED);
  }

  @Test
  void nothingToMeasure_isNeverVerified() {
    assertThat(of(false, 0.9, -3, 0.9)).isEqualTo(Result.UNVERIFIED);
    assertThat(of(false, -9, -10, -9)).isEqualTo(Result.UNVERIFIED);
    assertThat(of(true, 0.5, 0, 0.5)).isEqualTo(Result.UNVERIFIED);
    assertThat(of(true, Double.NaN, 0, 1)).isEqualTo(Result.UNVERIFIED);
    assertThat(of(true, 4, Double.NaN, 4)).isEqualTo(Result.INEFFECTIVE);
    assertThat(of(true, 4, 0, Double.NaN)).isNotEqualTo(Result.VERIFIED);
    assertThat(Finding.of(new Measured(true, 0, 0, 0, 1), new Finding.Bounds(0, 0)).result())
        .isEqualTo(Result.UNVERIFIED);
  }

  @Test
  void fallWithinTheNoise_isUnverified() {
    assertThat(of(false, 4, 1, 2)).isEqualTo(Result.UNVERIFIED);
    assertThat(of(false, 4, 1, 3)).isEqualTo(Result.VERIFIED);
  }

  @Test
  void why_saysBySomethingAndWithNumbers() {
    Finding finding = Finding.of(new Measured(true, 4, 4, 4, 3), BOUNDS);
    assertThat(finding.why()).contains("by the states").contains("4.00 -> 4.00").contains("0.500");
  }

  private static Result of(boolean states, double plain, double ablated, double again) {
    return Finding.of(new Measured(states, plain, ablated, again, 3), BOUNDS).result();
  }
}
