package dev.plumbline.mitigations.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RuleTest {
  private static final OptionalDouble DRIFTED = OptionalDouble.of(0.9);
  private final Rule rule =
      Rule.parse("if medical above 0.8 and misalignment above 0.6 then withhold");

  @Test
  void ask_above_isStrictAndMeansTheScore() {
    assertThat(rule.ask(DRIFTED, Map.of("medical", 0.81))).isEqualTo(Rule.Answer.HOLDS);
    assertThat(rule.ask(DRIFTED, Map.of("medical", 0.8))).isEqualTo(Rule.Answer.NOT);
    assertThat(rule.ask(OptionalDouble.of(0.6), Map.of("medical", 1.0))).isEqualTo(Rule.Answer.NOT);
  }

  @Test
  void ask_below_meansTheScoreIsLess() {
    Rule below = Rule.parse("if medical below 0.2 and misalignment above 0 then annotate");
    assertThat(below.ask(DRIFTED, Map.of("medical", 0.1))).isEqualTo(Rule.Answer.HOLDS);
    assertThat(below.ask(DRIFTED, Map.of("medical", 0.2))).isEqualTo(Rule.Answer.NOT);
  }

  @Test
  void ask_scoreMissing_isUnknown() {
    assertThat(rule.ask(DRIFTED, Map.of())).isEqualTo(Rule.Answer.UNKNOWN);
    assertThat(rule.ask(OptionalDouble.empty(), Map.of("medical", 1.0)))
        .isEqualTo(Rule.Answer.UNKNOWN);
  }

  @Test
  void parse_wrong_saysWhichPart() {
    assertThatThrownBy(() -> Rule.parse("medical > 0.8"))
        .hasMessageContaining("if NAME above|below A and misalignment above T then MODE")
        .hasMessageContaining("'medical > 0.8'");
    assertThatThrownBy(() -> Rule.parse("if x larger 0.8 and misalignment above 0 then ablate"))
        .hasMessage("rule: wanted above or below, found 'larger'; say what the score is");
    assertThatThrownBy(() -> Rule.parse("if x above y and misalignment above 0 then ablate"))
        .hasMessage("rule: wanted a number in [0, 1] as A, found 'y'; write it with a point");
    assertThatThrownBy(() -> Rule.parse("if x above 1.5 and misalignment above 0 then ablate"))
        .hasMessageContaining("condition of a rule: wanted a number in [0, 1], found 1.5");
  }
}
