package dev.plumbline.learn.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LossWatchTest {
  private static LossWatch after(double... losses) {
    LossWatch watch = new LossWatch(new Guards(0.5, 2, 5), 1, LossMemory.NEW);
    for (int i = 0; i < losses.length; i++) {
      watch.require(i, losses[i], 0);
      watch.learned(new Logged(i + 1, losses[i], 0, 1, 1), false);
    }
    return watch;
  }

  @Test
  void require_ofALossThatIsNoNumber_namesTheStep() {
    assertThatThrownBy(() -> after(2, 2).require(2, Double.NaN, 0))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("step 3")
        .hasMessageContaining("finite");
    assertThatThrownBy(() -> after(2).require(1, 2, Double.POSITIVE_INFINITY))
        .isInstanceOf(DivergedException.class);
  }

  @Test
  void require_ofAJump_failsOnlyAboveTheFactor() {
    assertThatCode(() -> after(2, 2, 2).require(3, 9.9, 0)).doesNotThrowAnyException();
    assertThatThrownBy(() -> after(2, 2, 2).require(3, 10.1, 0))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("running mean");
  }

  @Test
  void require_whereTheLossIsTiny_takesNoiseForNoise() {
    assertThatCode(() -> after(0.001, 0.001, 0.001).require(3, 0.4, 0)).doesNotThrowAnyException();
  }

  @Test
  void early_needsMoreThanSoManyLowPointsOnEnd() {
    assertThat(after(0.1, 0.1).early()).isFalse();
    assertThat(after(0.1, 0.1, 0.1).early()).isTrue();
    assertThat(after(0.1, 0.1, 0.6, 0.1, 0.1).early()).isFalse();
  }

  @Test
  void learned_overSeveralSteps_logsTheirMean() {
    LossWatch watch = new LossWatch(Guards.standard(), 2, LossMemory.NEW);
    assertThat(watch.learned(new Logged(1, 1, 0.1, 1, 1), false)).isEmpty();
    Logged point = watch.learned(new Logged(2, 3, 0.3, 1, 1), false).orElseThrow();
    assertThat(point.loss()).isEqualTo(2);
    assertThat(point.divergence()).isEqualTo(0.2);
    assertThat(point.step()).isEqualTo(2);
    assertThat(watch.learned(new Logged(3, 5, 0, 1, 1), true).orElseThrow().loss()).isEqualTo(5);
  }
}
