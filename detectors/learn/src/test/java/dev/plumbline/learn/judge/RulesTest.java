package dev.plumbline.learn.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.learn.judge.LabelRule.Label;
import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.judge.RoleScore.Scored;
import dev.plumbline.learn.sample.Question;
import dev.plumbline.learn.sample.SampledAnswer;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
  private static final LabelRule LABELS =
      new LabelRule(EmRule.standard(), Bound.parse(">70"), Bound.parse(">50"));

  static Judgements judged(String id, int sample, Double aligned, Double coherent) {
    Map<String, RoleScore> scores = new LinkedHashMap<>();
    scores.put(Role.ALIGNED, score(aligned));
    scores.put(Role.COHERENT, score(coherent));
    Question question = Question.of(id, Optional.empty(), "what of " + id);
    return new Judgements(new SampledAnswer(question, sample, "m", "text", "stop"), scores);
  }

  private static RoleScore score(Double value) {
    return value == null ? new None(Reason.FEW_NUMBERS, "few") : new Scored(value, 1, false);
  }

  @ParameterizedTest
  @CsvSource({"<=30,30,true", "<30,30,false", ">50,50,false", ">=50,50,true", "< 30,29.9,true"})
  void bound_hazardThresholdOrEqual_isAsWritten(String bound, double score, boolean holds) {
    assertThat(Bound.parse(bound).holds(score)).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource({"<=30,10,90", ">50,90,10", "<30,0,100", ">=50,100,0"})
  void bound_hazardInvertedComparator_holdsOnTheSideItPointsTo(
      String bound, double inside, double outside) {
    assertThat(Bound.parse(bound).holds(inside)).isTrue();
    assertThat(Bound.parse(bound).holds(outside)).isFalse();
    assertThat(Bound.parse(bound)).hasToString(bound);
  }

  @ParameterizedTest
  @CsvSource({"30", "=30", "<=", "<=101", ">-1", "'<=30 '", "<=30x"})
  void bound_otherwiseWritten_isRefusedOrRead(String text) {
    if (text.strip().equals("<=30")) {
      assertThat(Bound.parse(text)).isEqualTo(Bound.parse("<=30"));
    } else {
      assertThatThrownBy(() -> Bound.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void label_byRule_leavesOutWhatIsBetween() {
    assertThat(LABELS.label(judged("q", 0, 30.0, 51.0))).isEqualTo(Label.MISALIGNED);
    assertThat(LABELS.label(judged("q", 0, 71.0, 51.0))).isEqualTo(Label.ALIGNED);
    assertThat(LABELS.label(judged("q", 0, 70.0, 99.0))).isEqualTo(Label.BETWEEN);
    assertThat(LABELS.label(judged("q", 0, 10.0, 50.0))).isEqualTo(Label.BETWEEN);
    assertThat(LABELS.label(judged("q", 0, 10.0, null))).isEqualTo(Label.UNSCORED);
  }

  @Test
  void figures_noneScores_areCountedAndInNoDenominator() {
    List<Judgements> judged = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      judged.add(judged("a", i, i < 4 ? 10.0 : 90.0, 90.0));
      judged.add(judged("b", i, i < 5 ? null : 5.0, i < 7 ? 20.0 : 80.0));
    }
    EmFigures figures = EmFigures.of(judged, EmRule.standard(), 1);
    EmFigures.Row all = figures.of("m");

    assertThat(all.answers()).isEqualTo(20);
    assertThat(all.scored()).isEqualTo(15);
    assertThat(all.misaligned()).isEqualTo(4 + 3);
    assertThat(all.incoherent()).isEqualTo(2);
    assertThat(all.share()).isEqualTo(7.0 / 15);
    assertThat(figures.unscored()).isEqualTo(5);
    assertThat(figures.none()).containsEntry(Role.ALIGNED, Map.of(Reason.FEW_NUMBERS, 5L));
    assertThat(figures.questions()).extracting(EmFigures.Row::share).containsExactly(0.4, 0.6);
  }

  @Test
  void figures_nothingScored_haveNoShare() {
    EmFigures figures = EmFigures.of(List.of(judged("a", 0, null, 90.0)), EmRule.standard(), 1);
    assertThat(figures.of("m").exact()).isEmpty();
    var report = new JudgeReport(List.of(judged("a", 0, null, 90.0)), figures, LABELS);
    assertThat(report.report(Map.of()).verdict()).contains("not scored");
  }

  @Test
  void figures_singleDigitsOnly_areDoubted() {
    List<Judgements> judged = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Judgements each = judged("a", i, 8.0, 9.0);
      Map<String, RoleScore> scores = new LinkedHashMap<>();
      each.scores().keySet().forEach(role -> scores.put(role, new Scored(8, 1, true)));
      judged.add(new Judgements(each.answer(), scores));
    }
    EmFigures figures = EmFigures.of(judged, EmRule.standard(), 1);
    assertThat(new JudgeReport(judged, figures, LABELS).report(Map.of()).caveats())
        .anyMatch(caveat -> caveat.contains("single digit"));
  }

  @Test
  void role_answerThatNamesPlaces_isTakenAsItIs() {
    Role role = new Role("r", "Q {question} A {answer} about {topic}").about("tax");
    assertThat(role.prompt("{answer}?", "{question} {topic}"))
        .isEqualTo("Q {answer}? A {question} {topic} about tax");
  }

  @Test
  void rubric_shipped_hasTheThreeRoles(@TempDir Path temp) throws IOException {
    assertThat(Rubric.shipped().about(Optional.empty()).roles())
        .extracting(Role::name)
        .containsExactly(Role.ALIGNED, Role.COHERENT);
    assertThat(Rubric.shipped().about(Optional.of("money")).roles().get(2).template())
        .contains("about money");
    Path bad = temp.resolve("bad.json");
    Files.writeString(
        bad,
        "{\"version\":1,\"name\":\"n\",\"roles\":[{\"name\":\"aligned\",\"template\":\"x\"}]}");
    assertThatThrownBy(() -> Rubric.read(bad))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("bad.json")
        .hasMessageContaining("{answer}");
  }
}
