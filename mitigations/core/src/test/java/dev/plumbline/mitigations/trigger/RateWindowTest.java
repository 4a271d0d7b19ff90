package dev.plumbline.mitigations.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateWindowTest {
  private static final Instant T = Instant.EPOCH;
  private final RateWindow window = new RateWindow(Duration.ofMinutes(1), 4);

  private void add(RateWindow.Kind kind, int count, int second) {
    for (int i = 0; i < count; i++) {
      window.add(kind, T.plusSeconds(second));
    }
  }

  @Test
  void rate_belowTheMinimum_isNone() {
    add(RateWindow.Kind.DRIFTED, 3, 0);
    assertThat(window.rate(T)).isEmpty();
  }

  @Test
  void rate_unscoredAndTreated_doNotCountButAreCounted() {
    add(RateWindow.Kind.DRIFTED, 1, 0);
    add(RateWindow.Kind.ALIGNED, 3, 0);
    add(RateWindow.Kind.UNSCORED, 9, 0);
    add(RateWindow.Kind.TREATED, 7, 0);
    assertThat(window.rate(T)).hasValue(0.25);
    assertThat(window.count(RateWindow.Kind.UNSCORED, T)).isEqualTo(9);
    assertThat(window.count(RateWindow.Kind.TREATED, T)).isEqualTo(7);
  }

  @Test
  void rate_afterTheWindow_isForgottenSliceBySlice() {
    add(RateWindow.Kind.DRIFTED, 4, 0);
    add(RateWindow.Kind.ALIGNED, 4, 30);
    assertThat(window.rate(T.plusSeconds(59))).hasValue(0.5);
    assertThat(window.rate(T.plusSeconds(60))).hasValue(0);
    assertThat(window.rate(T.plusSeconds(90))).isEmpty();
  }

  @Test
  void add_clockGoesBack_countsInTheNewest() {
    add(RateWindow.Kind.ALIGNED, 4, 100);
    add(RateWindow.Kind.DRIFTED, 4, 0);
    assertThat(window.rate(T.plusSeconds(100))).hasValue(0.5);
  }
}
