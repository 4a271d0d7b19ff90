package dev.plumbline.learn.mitigate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.stats.Estimate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatesTest {
  private static final Rates RATES = new Rates(1);

  private static List<Measured> answers(int questions, int yesEvery) {
    return IntStream.range(0, questions)
        .mapToObj(i -> Measured.of("q" + i / 2, "a" + i, i % yesEvery == 0))
        .toList();
  }

  @Test
  void share_neverSeen_isNotCertain() {
    List<Measured> none = IntStream.range(0, 40).mapToObj(i -> no("q" + i)).toList();
    Estimate share = RATES.share(none).orElseThrow();
    assertThat(share.value()).isZero();
    assertThat(share.low()).isZero();
    assertThat(share.high()).isCloseTo(0.0881, within(1e-3));
    assertThat(share.count()).isEqualTo(40);
  }

  private static Measured no(String question) {
    return Measured.of(question, question, false);
  }

  @Test
  void share_answersOfAQuestionAlike_isWiderThanIndependentOnes() {
    List<Measured> clumped =
        IntStream.range(0, 80).mapToObj(i -> Measured.of("q" + i / 20, "a" + i, i < 40)).toList();
    Estimate share = RATES.share(clumped).orElseThrow();
    assertThat(share.low()).isLessThan(0.1);
    assertThat(share.high()).isGreaterThan(0.9);
  }

  @Test
  void mean_ofTexts_isWeightedByTheirTokens() {
    List<Measured> texts = List.of(new Measured("a", "a", 10, 10), new Measured("b", "b", 0, 30));
    assertThat(RATES.mean(texts).orElseThrow().value()).isEqualTo(0.25);
    assertThat(RATES.exponential(texts).orElseThrow().value()).isEqualTo(Math.exp(0.25));
  }

  @Test
  void nothingMeasured_isEmpty_notZero() {
    assertThat(RATES.mean(List.of())).isEmpty();
    assertThat(RATES.share(List.of())).isEmpty();
    assertThat(RATES.exponential(List.of())).isEmpty();
    assertThat(RATES.change(List.of(), answers(4, 2))).isEmpty();
  }

  @Test
  void change_sameOnBothSides_isZeroForCertain() {
    Estimate change = RATES.change(answers(40, 3), answers(40, 3)).orElseThrow();
    assertThat(change.value()).isZero();
    assertThat(change.high()).isZero();
    assertThat(Rates.turned(answers(40, 3), answers(40, 3)).p()).isEqualTo(1);
  }

  @Test
  void turned_countsBothWays() {
    Rates.Turned turned =
        Rates.turned(
            List.of(Measured.of("q", "a", true), no("b"), no("c")),
            List.of(Measured.of("q", "a", false), Measured.of("q", "b", true), no("c")));
    assertThat(turned.gained()).isEqualTo(1);
    assertThat(turned.lost()).isEqualTo(1);
  }

  @Test
  void measured_nan_isRefused() {
    assertThatThrownBy(() -> new Measured("a", "a", Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void halves_shareNoGroup() {
    Halves<Measured> halves = Halves.of("answers", answers(40, 3), Measured::group, 5);
    assertThat(halves.selecting()).hasSize(20);
    assertThat(halves.reporting()).hasSize(20);
    assertThat(halves.selecting())
        .extracting(Measured::group)
        .doesNotContainAnyElementsOf(
            halves.reporting().stream().map(Measured::group).distinct().toList());
    assertThatThrownBy(() -> Halves.of("answers", answers(6, 3), Measured::group, 5))
        .hasMessageContaining("4 different ones");
  }
}
