package dev.plumbline.learn.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.learn.evaluate.Alarm.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlarmsTest {
  private static final Counts COUNTS = new Counts(1000, 500, 1, 50, 50);
  private static final Optional<RandomControl> RANDOM =
      Optional.of(new RandomControl(spread(0.4, 0.6)));

  private static double[] spread(double from, double to) {
    double[] draws = new double[39];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = from + (to - from) * i / 38;
    }
    return draws;
  }

  private static Estimate about(double value) {
    return Estimate.of(value, new Interval(value - 0.02, value + 0.02, 0.95), 50);
  }

  private static Claim claim(double across, double within) {
    return new Claim(about(across), Optional.of(about(within)));
  }

  private static ControlTable controls(
      Counts counts, double ceiling, double text, double textWithin, double shuffled) {
    FoldFigures words =
        new FoldFigures(
            Optional.of(about(0.99)), Optional.of(about(text)), Optional.of(about(textWithin)));
    return new ControlTable(
        counts,
        Map.of(),
        Map.of(TextControls.ANSWER, words),
        Estimate.of(ceiling, 50),
        Estimate.of(0.5, 1),
        Optional.of(Estimate.of(shuffled, 5)));
  }

  private static ControlTable beaten() {
    return controls(COUNTS, 0.6, 0.6, 0.55, 0.5);
  }

  private static List<Kind> kinds(Claim claim, ControlTable controls) {
    return Alarms.of(claim, controls, RANDOM).stream().map(Alarm::kind).toList();
  }

  @Test
  void of_everyControlBeaten_isSilent() {
    assertThat(kinds(claim(0.9, 0.85), beaten())).isEmpty();
  }

  @Test
  void of_oneMixedPrompt_soundsThatAlone() {
    Claim claim = new Claim(about(0.9), Optional.empty());
    for (int mixed : new int[] {0, 1}) {
      Counts few = new Counts(1000, 500, 1, 50, mixed);
      assertThat(kinds(claim, controls(few, 0.6, 0.6, 0.55, 0.5)))
          .containsExactly(Kind.TOO_FEW_PROMPTS);
    }
    assertThat(kinds(claim, controls(new Counts(9, 3, 1, 2, 2), 0.6, 0.6, 0.55, 0.5))).isEmpty();
  }

  @Test
  void of_ceilingAboveBothFigures_soundsThatAlone() {
    List<Alarm> alarms =
        Alarms.of(claim(0.9, 0.85), controls(COUNTS, 0.95, 0.6, 0.55, 0.5), RANDOM);
    assertThat(alarms).extracting(Alarm::kind).containsExactly(Kind.PROMPT_IDENTITY_NOT_BEATEN);
    assertThat(alarms.get(0).claimed()).isEqualTo(0.88);
    assertThat(alarms.get(0).control()).isEqualTo(0.95);
    assertThat(alarms.get(0).text()).contains("0.880", "0.950");
  }

  /** One of the two is enough: within prompts, knowing the prompt gives nothing. */
  @Test
  void of_ceilingBeatenWithinPrompts_isSilent() {
    assertThat(kinds(claim(0.75, 0.9), controls(COUNTS, 0.85, 0.6, 0.55, 0.5))).isEmpty();
  }

  @Test
  void of_coinWithinPrompts_soundsThatAndRandom() {
    assertThat(kinds(claim(0.9, 0.51), controls(COUNTS, 0.6, 0.6, 0.4, 0.5)))
        .containsExactly(Kind.WITHIN_PROMPT_AT_CHANCE, Kind.RANDOM_NOT_BEATEN);
  }

  @Test
  void of_textAsGoodAcrossOrWithin_soundsThatAlone() {
    assertThat(kinds(claim(0.9, 0.85), controls(COUNTS, 0.6, 0.89, 0.55, 0.5)))
        .containsExactly(Kind.TEXT_NOT_BEATEN);
    assertThat(kinds(claim(0.9, 0.85), controls(COUNTS, 0.6, 0.6, 0.84, 0.5)))
        .containsExactly(Kind.TEXT_NOT_BEATEN);
  }

  @Test
  void of_shuffledLabelsOffHalf_soundsThatAlone_eitherWay() {
    for (double shuffled : new double[] {0.6, 0.4}) {
      assertThat(kinds(claim(0.9, 0.85), controls(COUNTS, 0.6, 0.6, 0.55, shuffled)))
          .containsExactly(Kind.SHUFFLED_LABELS_NOT_HALF);
    }
  }

  @Test
  void of_randomDirectionsAsGood_eitherWay_soundsThatAlone() {
    for (double[] range : new double[][] {spread(0.8, 0.95), spread(0.05, 0.2)}) {
      assertThat(Alarms.of(claim(0.9, 0.85), beaten(), Optional.of(new RandomControl(range))))
          .extracting(Alarm::kind)
          .containsExactly(Kind.RANDOM_NOT_BEATEN);
    }
  }

  /** Hazard "≤ vs <": a claim whose lower end equals its control has not beaten it. */
  @Test
  void of_equalToItsControl_isNotBeaten() {
    Claim claim = new Claim(Estimate.of(0.75, 50), Optional.of(Estimate.of(0.75, 50)));
    assertThat(kinds(claim, controls(COUNTS, 0.75, 0.6, 0.5, 0.5)))
        .containsExactly(Kind.PROMPT_IDENTITY_NOT_BEATEN);
    assertThat(kinds(claim, controls(COUNTS, Math.nextDown(0.75), 0.6, 0.5, 0.5))).isEmpty();
  }
}
