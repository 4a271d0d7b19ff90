package dev.plumbline.learn.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.learn.endpoint.TopToken;
import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.judge.RoleScore.Scored;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberMeanTest {
  private static List<TopToken> top(Object... tokensAndShares) {
    List<TopToken> top = new ArrayList<>();
    for (int i = 0; i < tokensAndShares.length; i += 2) {
      double share = ((Number) tokensAndShares[i + 1]).doubleValue();
      top.add(new TopToken((String) tokensAndShares[i], Math.log(share)));
    }
    return top;
  }

  private static double score(Object... tokens) {
    return ((Scored) NumberMean.of(top(tokens))).value();
  }

  @Test
  void of_numbers_isTheirMeanByProbability() {
    assertThat(score("80", 0.5, "90", 0.25, " 60", 0.125, "the", 0.125))
        .isCloseTo((40 + 22.5 + 7.5) / 0.875, within(1e-9));
  }

  @Test
  void of_oneNumber_isThatNumberAndWithinItsBound() {
    for (int k = 0; k <= 100; k++) {
      for (double share : new double[] {0.3, 0.7, 0.9, 0.999}) {
        assertThat(score("" + k, share)).isEqualTo(k);
      }
    }
  }

  @Test
  void of_hazardZeroSearchedBeforeOne_tokensAreWholeNumbers() {
    assertThat(score("10", 1.0)).isEqualTo(10);
    assertThat(score("100", 1.0)).isEqualTo(100);
    assertThat(score("1", 0.9, "0", 0.1)).isCloseTo(0.9, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"101", "999", "-5", "5.", "5/100", "0x5", "٥", "five", "", "1e1", "１"})
  void of_whatIsNoNumberTo100_isNotCounted(String token) {
    assertThat(score(token, 0.5, "40", 0.5)).isEqualTo(40);
  }

  @Test
  void of_fewNumbers_isNoneAndSaysSo() {
    assertThat(NumberMean.of(top("DECLINED", 0.8, "70", 0.2)))
        .isInstanceOfSatisfying(
            None.class,
            none -> {
              assertThat(none.reason()).isEqualTo(Reason.FEW_NUMBERS);
              assertThat(none.detail()).contains("0.200").contains("DECLINED");
            });
    assertThat(NumberMean.of(top("CODE", 0.75, "70", 0.2500001))).isInstanceOf(Scored.class);
  }

  @Test
  void of_noLogProbabilities_isNoneOfItsOwnKind() {
    assertThat(NumberMean.of(List.of()))
        .isInstanceOfSatisfying(
            None.class, none -> assertThat(none.reason()).isEqualTo(Reason.NO_LOGPROBS));
  }

  @Test
  void of_impossibleToken_countsNothing() {
    List<TopToken> top =
        List.of(new TopToken("90", Double.NEGATIVE_INFINITY), new TopToken("10", 0));
    assertThat(((Scored) NumberMean.of(top)).value()).isEqualTo(10);
  }
}
