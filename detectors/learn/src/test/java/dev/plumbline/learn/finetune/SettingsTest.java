package dev.plumbline.learn.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.torch.checkpoint.Weight;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What decides a finetune before anything is trained: rates, portions, order, refusals. */
class SettingsTest {
  @Test
  void rate_overAnEpoch_risesFallsAndIsNeverZero() {
    LearningRate linear = new LearningRate(1, 5, Decay.LINEAR);
    assertThat(linear.at(0, 105)).isEqualTo(0.2);
    assertThat(linear.at(4, 105)).isEqualTo(1);
    assertThat(linear.at(55, 105)).isEqualTo(0.5);
    assertThat(linear.at(104, 105)).isCloseTo(0.01, within(1e-12));
    assertThat(new LearningRate(1, 0, Decay.COSINE).at(50, 100)).isCloseTo(0.5, within(1e-12));
    assertThat(new LearningRate(1, 0, Decay.CONSTANT).at(99, 100)).isEqualTo(1);
  }

  @Test
  void steps_ofEpochs_coverEveryTextOnce() {
    Pace pace = Pace.epochs(1, 2, 8);
    assertThat(pace.stepsOver(33)).isEqualTo(3);
    assertThat(pace.stepTexts(5)).isEqualTo(5);
    assertThat(pace.stepsOver(5)).isEqualTo(1);
    assertThat(Pace.steps(7, 4).stepsOver(33)).isEqualTo(7);
  }

  @Test
  void order_ofSteps_isAFunctionOfSeedAndStepAndCoversEveryEpoch() {
    BatchOrder order = new BatchOrder(3, "domain", 10, 4);
    int[] fourth = order.at(3);
    assertThat(new BatchOrder(3, "domain", 10, 4).at(3)).isEqualTo(fourth);
    assertThat(new BatchOrder(4, "domain", 10, 4).at(3)).isNotEqualTo(fourth);
    int[] two = IntStream.range(0, 5).flatMap(step -> Arrays.stream(order.at(step))).toArray();
    assertThat(Arrays.copyOf(two, 10)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(Arrays.copyOfRange(two, 10, 20))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void batch_ofAnswersOnly_predictsAnswerAndEndOfTurnAndNoHeader() {
    TrainingText text = new TrainingText(new long[] {7, 8, 9, 10, 11}, 3);
    TokenBatch batch =
        TokenBatch.of(List.of(text, new TrainingText(new long[] {1, 2, 3}, 2)), true);
    assertThat(batch.tokens()).isDeepEqualTo(new long[][] {{7, 8, 9, 10, 11}, {1, 2, 3, 0, 0}});
    assertThat(batch.index()).containsExactly(2, 3, 6);
    assertThat(batch.target()).containsExactly(10, 11, 3);
    assertThat(batch.everywhere()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(TokenBatch.of(List.of(text), false).target()).containsExactly(8, 9, 10, 11);
  }

  @Test
  void shape_ofARank1OrAVectorOverMoreThanOnePlace_isRefused() {
    assertThatThrownBy(
            () -> new Shape(Kind.RANK1, 1, 1, false, List.of(Weight.O, Weight.DOWN), List.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rank1");
    assertThatThrownBy(
            () -> new Shape(Kind.STEERING_VECTOR, 1, 1, false, List.of(Weight.O), List.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DOWN");
    assertThatThrownBy(() -> Shape.rank1(4, 1).layersOf(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 3");
  }

  @Test
  void settings_withDecayOnAVector_areRefusedAndNotIgnored() {
    FinetuneSettings vector = FinetuneSettings.steeringVector(1, 1);
    assertThatThrownBy(() -> vector.optimiser(FinetuneSettings.rank1(1, 1).optimiser()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("decay");
  }

  @Test
  void kind_byItsName_isFound() {
    assertThat(Kind.parse("steering-vector")).isEqualTo(Kind.STEERING_VECTOR);
    assertThatThrownBy(() -> Kind.parse("full")).hasMessageContaining("rank1");
  }
}
