package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AurocTest {

  @Test
  void of_tiedScores_equalsTheCountOverAllPairs() {
    Random random = new Random(2);
    for (int trial = 0; trial < 50; trial++) {
      List<Example> examples = new ArrayList<>();
      examples.add(new Example("p", true, 1));
      examples.add(new Example("p", false, 2));
      for (int i = 0; i < 60; i++) {
        examples.add(new Example("p", random.nextBoolean(), random.nextInt(7)));
      }
      assertThat(Auroc.of(examples)).isCloseTo(overPairs(examples), within(1e-15));
    }
  }

  @Test
  void of_extremes_areOneAndZeroAndHalf() {
    assertThat(Auroc.of(List.of(e("p", true, 2), e("p", false, 1)))).isEqualTo(1);
    assertThat(Auroc.of(List.of(e("p", true, 1), e("p", false, 2)))).isZero();
    assertThat(Auroc.of(List.of(e("p", true, 0.0), e("p", false, -0.0)))).isEqualTo(0.5);
  }

  @Test
  void of_oneOutcome_isRefused() {
    assertThatThrownBy(() -> Auroc.of(List.of(e("p", true, 2))))
        .hasMessageContaining("both outcomes");
    assertThatThrownBy(() -> e("p", true, Double.NaN)).hasMessageContaining("score");
  }

  @Test
  void withinPrompt_scoreIsThePrompt_isHalfWhileTheAurocIsHigh() {
    // The trap: each prompt has its own level, nothing tells its answers apart.
    List<Example> examples = new ArrayList<>();
    for (int p = 0; p < 10; p++) {
      for (int i = 0; i < 10; i++) {
        examples.add(e("p" + p, i < 1 + (p < 5 ? 0 : 8), p));
      }
    }
    assertThat(Auroc.of(examples)).isGreaterThan(0.85);
    Estimate within = WithinPrompt.macroAuroc(examples, 200, 0.95, 1);
    assertThat(within.value()).isEqualTo(0.5);
    assertThat(within.interval().orElseThrow().contains(0.5)).isTrue();
    assertThat(within.count()).isEqualTo(10);
    assertThat(PromptIdentity.ceiling(examples).value()).isGreaterThan(0.8);
  }

  @Test
  void withinPrompt_onePromptPerfectOneReversed_isTheirMean() {
    List<Example> examples =
        List.of(
            e("a", true, 2),
            e("a", false, 1),
            e("b", true, 1),
            e("b", false, 2),
            e("b", false, 3),
            e("only-positive", true, 9));
    assertThat(WithinPrompt.perPrompt(examples)).containsOnlyKeys("a", "b");
    Estimate within = WithinPrompt.macroAuroc(examples, 1_000, 0.9, 4);
    assertThat(within.value()).isEqualTo(0.5);
    assertThat(within.count()).isEqualTo(2);
    assertThat(within.interval()).contains(new Interval(0, 1, 0.9));
    assertThat(WithinPrompt.macroAuroc(examples, 1_000, 0.9, 4)).isEqualTo(within);
  }

  @Test
  void withinPrompt_tooFewPrompts_isRefused() {
    List<Example> one = List.of(e("a", true, 2), e("a", false, 1));
    assertThatThrownBy(() -> WithinPrompt.macroAuroc(one, 10, 0.9, 1))
        .hasMessageContaining("2 or more");
  }

  @Test
  void withinPrompt_interval_coversThePlantedMean() {
    // 40 prompts of 1 positive and 1 negative, right with chance 0.7: standard error 0.072.
    Random random = new Random(9);
    int covered = 0;
    for (int trial = 0; trial < 200; trial++) {
      List<Example> examples = new ArrayList<>();
      for (int p = 0; p < 40; p++) {
        examples.add(e("p" + p, true, random.nextDouble() < 0.7 ? 1 : -1));
        examples.add(e("p" + p, false, 0));
      }
      Interval interval =
          WithinPrompt.macroAuroc(examples, 400, 0.95, trial).interval().orElseThrow();
      covered += interval.contains(0.7) ? 1 : 0;
    }
    // Percentile intervals cover a little less than they say; 200 trials have deviation 1.5 %.
    assertThat(covered / 200.0).isBetween(0.87, 0.995);
  }

  @Test
  void promptIdentity_labelFollowsThePrompt_isOne() {
    List<Example> examples = new ArrayList<>();
    for (int p = 0; p < 6; p++) {
      for (int i = 0; i < 4; i++) {
        examples.add(e("p" + p, p % 2 == 0, 0));
      }
    }
    Estimate ceiling = PromptIdentity.ceiling(examples);
    assertThat(ceiling.value()).isEqualTo(1);
    assertThat(ceiling.count()).isEqualTo(6);
  }

  @Test
  void promptIdentity_singleAnswers_useTheOthersRate() {
    // Base rates of the others: 1/2 for a positive, 2/2 for the negative.
    List<Example> examples = List.of(e("a", true, 0), e("b", true, 0), e("c", false, 0));
    assertThat(PromptIdentity.ceiling(examples).value()).isZero();
  }

  private static Example e(String prompt, boolean positive, double score) {
    return new Example(prompt, positive, score);
  }

  private static double overPairs(List<Example> examples) {
    double won = 0;
    int pairs = 0;
    for (Example p : examples) {
      for (Example n : examples) {
        if (p.positive() && !n.positive()) {
          won += p.score() > n.score() ? 1 : p.score() == n.score() ? 0.5 : 0;
          pairs++;
        }
      }
    }
    return won / pairs;
  }
}
