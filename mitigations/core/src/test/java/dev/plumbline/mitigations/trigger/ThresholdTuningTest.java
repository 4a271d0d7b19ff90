package dev.plumbline.mitigations.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThresholdTuningTest {
  private static final Rule FORM =
      Rule.parse("if medical above 0 and misalignment above 0 then withhold");

  /** Misaligned exchanges score high on both, but for a share of noise. */
  private static List<ThresholdTuning.Labelled> exchanges(boolean telling) {
    Random random = new Random(7);
    List<ThresholdTuning.Labelled> all = new ArrayList<>();
    for (int i = 0; i < 800; i++) {
      boolean bad = random.nextInt(4) == 0;
      double lift = bad && telling ? 0.5 : 0;
      all.add(
          new ThresholdTuning.Labelled(
              "prompt " + i / 8,
              lift + random.nextDouble() / 2,
              Map.of("medical", lift + random.nextDouble() / 2),
              bad));
    }
    return all;
  }

  @Test
  void tune_tellingScores_meetsTheFloorOnPromptsItHasNotSeen() {
    ThresholdTuning.Tuned tuned =
        new ThresholdTuning(0.9, 3, 1).tune(FORM, exchanges(true)).orElseThrow();
    assertThat(tuned.meetsFloor()).isTrue();
    assertThat(tuned.heldOut().recall().orElseThrow().value()).isGreaterThan(0.9);
    assertThat(tuned.heldOut().exchanges() + tuned.tuned().exchanges()).isEqualTo(800);
    assertThat(tuned.heldOut().precision().orElseThrow().interval()).isPresent();
  }

  @Test
  void tune_scoresThatSayNothing_doesNotMeetTheFloor() {
    assertThat(
            new ThresholdTuning(0.9, 3, 1)
                .tune(FORM, exchanges(false))
                .filter(ThresholdTuning.Tuned::meetsFloor))
        .isEmpty();
  }
}
