package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
  /** Outcomes drawn with a probability of {@code truth(score)}. */
  private static List<Example> drawn(java.util.function.DoubleUnaryOperator truth) {
    Random random = new Random(1);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      double score = random.nextDouble();
      boolean positive = random.nextDouble() < truth.applyAsDouble(score);
      examples.add(new Example("p" + i % 100, positive, score));
    }
    return examples;
  }

  @Test
  void of_scoresThatAreProbabilities_liesOnTheDiagonal() {
    Reliability reliability = Reliability.of(drawn(score -> score), 10, 0.999);
    assertThat(reliability.bins()).hasSize(10);
    assertThat(reliability.expectedError()).isLessThan(0.015);
    assertThat(reliability.bins())
        .allMatch(bin -> bin.observed().interval().orElseThrow().contains(bin.score()));
    assertThat(reliability.bins().stream().mapToLong(bin -> bin.observed().count()).sum())
        .isEqualTo(20_000);
  }

  @Test
  void of_scoresThatSayTooMuch_showsByHowMuch() {
    Reliability reliability = Reliability.of(drawn(score -> 0.5), 10, 0.95);
    assertThat(reliability.expectedError()).isCloseTo(0.25, within(0.01));
    assertThat(Reliability.brier(drawn(score -> 0.5))).isCloseTo(1 / 3.0, within(0.01));
  }

  @Test
  void of_scoreOfOne_isInTheLastBin_andEmptyBinsAreLeftOut() {
    List<Example> two = List.of(new Example("a", true, 1), new Example("b", false, 0));
    Reliability reliability = Reliability.of(two, 4, 0.95);
    assertThat(reliability.bins()).extracting(Reliability.Bin::low).containsExactly(0.0, 0.75);
    assertThat(reliability.expectedError()).isZero();
    assertThat(Reliability.brier(two)).isZero();
    assertThatThrownBy(() -> Reliability.of(List.of(new Example("a", true, 1.5)), 4, 0.95))
        .hasMessageContaining("[0, 1]");
  }

  /** Answers of one prompt that always agree carry one answer's worth of information. */
  @Test
  void promptBootstrap_ofAnswersThatAgreeWithinPrompts_isAsWideAsOneAnswerAPrompt() {
    Random random = new Random(2);
    List<Example> one = new ArrayList<>();
    List<Example> many = new ArrayList<>();
    for (int p = 0; p < 60; p++) {
      Example example =
          new Example("p" + p, p % 2 == 0, random.nextGaussian() + (p % 2 == 0 ? 1 : 0));
      one.add(example);
      for (int i = 0; i < 10; i++) {
        many.add(example);
      }
    }
    Estimate single = PromptBootstrap.of(one, Auroc::of, 400, 0.95, 3);
    Estimate repeated = PromptBootstrap.of(many, Auroc::of, 400, 0.95, 3);
    assertThat(repeated).isEqualTo(single);
    assertThat(repeated.count()).isEqualTo(60);
  }
}
