package dev.plumbline.core.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.score.Verdict.Aligned;
import dev.plumbline.core.score.Verdict.Drifted;
import dev.plumbline.core.score.Verdict.Unscored;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void reasons_ofUnscored_arePinned() {
    assertThat(UnscoredReason.values())
        .extracting(UnscoredReason::wireName)
        .containsExactly(
            "no_hidden_states",
            "queue_full",
            "deadline_passed",
            "sampled_out",
            "wrong_model",
            "unparseable",
            "too_long",
            "tap_error",
            "device_error",
            "off");
    assertThat(UnscoredReason.parse("too_long")).isEqualTo(UnscoredReason.TOO_LONG);
    assertThatThrownBy(() -> UnscoredReason.parse("TOO_LONG"))
        .hasMessageContaining("wanted one of");
  }

  @Test
  void of_scoreAtTheThreshold_isAligned() {
    assertThat(Verdict.of(0.9, 0.9)).isEqualTo(new Aligned(0.9));
    assertThat(Verdict.of(Math.nextUp(0.9), 0.9)).isInstanceOf(Drifted.class);
  }

  @Test
  void construction_impossible_isRefused() {
    assertThatThrownBy(() -> new Aligned(Double.NaN)).hasMessageContaining("score");
    assertThatThrownBy(() -> new Aligned(1.1)).hasMessageContaining("score");
    assertThatThrownBy(() -> new Drifted(0.5, 0.9)).hasMessageContaining("above 0.9");
    assertThatThrownBy(() -> new Drifted(0.5, Double.NaN)).hasMessageContaining("above NaN");
  }

  @Test
  void worst_ofSeveral_isDriftedThenUnscoredThenTheHigherScore() {
    Verdict low = new Aligned(0.1);
    Verdict high = new Aligned(0.8);
    Verdict unscored = new Unscored(UnscoredReason.TOO_LONG);
    Verdict drifted = new Drifted(0.95, 0.9);
    Verdict worse = new Drifted(0.97, 0.9);
    assertThat(Verdict.worst(List.of(low, high))).isEqualTo(high);
    assertThat(Verdict.worst(List.of(high, unscored, low))).isEqualTo(unscored);
    assertThat(Verdict.worst(List.of(worse, drifted, unscored))).isEqualTo(worse);
    assertThatThrownBy(() -> Verdict.worst(List.of())).hasMessageContaining("at least one");
  }
}
