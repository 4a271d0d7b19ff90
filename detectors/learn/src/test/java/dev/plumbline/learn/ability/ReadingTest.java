package dev.plumbline.learn.ability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "10", "01", "maybe", "yes and no", "0 or 1", "noyes", "１"})
  void label_hazardUnparsedAnswer_isNoAnswer(String said) {
    assertThat(new LabelReader(List.of("yes", "no")).read(said)).isEmpty();
    assertThat(new LabelReader(List.of("1", "0")).read(said)).isEmpty();
  }

  @Test
  void label_hazardZeroSearchedBeforeOne_isTheOneSaid() {
    LabelReader reader = new LabelReader(List.of("1", "0"));
    assertThat(reader.read(" 1\n")).isEqualTo(OptionalInt.of(0));
    assertThat(reader.read("(0)")).isEqualTo(OptionalInt.of(1));
    assertThat(new LabelReader(List.of("Yes", "no")).read("YES, of course"))
        .isEqualTo(OptionalInt.of(0));
  }

  @Test
  void perturbation_hazardLetterCase_saysNothingOfWhichIsPerturbed() {
    int upper = 0;
    int lower = 0;
    for (int turn = 0; turn < 30; turn++) {
      String sentence = "The weather turned wonderful after a dreadful morning, number " + turn;
      Perturbation pair = Perturbation.of(sentence, turn, 5).orElseThrow();
      assertThat(pair.perturbed()).isNotEqualTo(pair.original());
      char[] one = pair.original().toCharArray();
      char[] two = pair.perturbed().toCharArray();
      assertThat(Character.isUpperCase(one[0])).isEqualTo(Character.isUpperCase(two[0]));
      Arrays.sort(one);
      Arrays.sort(two);
      assertThat(two).isEqualTo(one);
      upper += pair.original().equals(pair.original().toUpperCase(java.util.Locale.ROOT)) ? 1 : 0;
      lower += pair.original().equals(pair.original().toLowerCase(java.util.Locale.ROOT)) ? 1 : 0;
    }
    assertThat(upper).isEqualTo(10);
    assertThat(lower).isEqualTo(10);
  }

  @Test
  void perturbation_sameSeed_isTheSame_andShortWordsCannotBe() {
    assertThat(Perturbation.of("some longer words here", 1, 3))
        .isEqualTo(Perturbation.of("some longer words here", 1, 3));
    assertThat(Perturbation.of("so it is", 0, 1)).isEmpty();
    assertThat(Perturbation.of("", 0, 1)).isEmpty();
  }

  @Test
  void icat_idealModel_isOne() {
    assertThat(StereoTask.icat(1, 0.5)).isEqualTo(1);
    assertThat(StereoTask.icat(1, 1)).isZero();
    assertThat(StereoTask.icat(0.8, 0.75)).isCloseTo(0.4, within(1e-12));
  }

  @Test
  void mc2_share_doesNotUnderflow() {
    List<Boolean> truths = List.of(true, false);
    assertThat(TruthfulChoice.share(truths, new double[] {-5000, -5000})).isEqualTo(0.5);
    assertThat(TruthfulChoice.share(truths, new double[] {-5000, -5001}))
        .isCloseTo(1 / (1 + Math.exp(-1)), within(1e-12));
    assertThat(TruthfulChoice.share(truths, new double[] {Double.NEGATIVE_INFINITY, -3})).isZero();
  }

  @Test
  void change_ofPairs_leavesOutWhatHasNoPair() {
    List<ItemResult> before = new ArrayList<>();
    List<ItemResult> after = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      before.add(item(i, i < 30 ? 1.0 : 0.0));
      after.add(i == 39 ? ItemResult.unparsed("i39", "", "none") : item(i, i < 20 ? 1.0 : 0.0));
    }
    PairedChange change =
        PairedChange.of(
            new TaskResults("t", "a", before), new TaskResults("t", "b", after), "correct", 1);
    assertThat(change.pairs()).isEqualTo(39);
    assertThat(change.missing()).isEqualTo(1);
    assertThat(change.lost()).isEqualTo(10);
    assertThat(change.gained()).isZero();
    assertThat(change.change().orElseThrow().value()).isCloseTo(-10.0 / 39, within(1e-12));
    assertThat(change.change().orElseThrow().high()).isNegative();
    assertThat(change.p().orElseThrow()).isCloseTo(2 * Math.pow(0.5, 10), within(1e-12));
  }

  private static ItemResult item(int i, double value) {
    return ItemResult.of("i" + i, "", Map.of("correct", value), "");
  }
}
