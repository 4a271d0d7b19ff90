package dev.plumbline.learn.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.direction.Scored;
import dev.plumbline.learn.direction.World;
import dev.plumbline.learn.evaluate.Alarm.Kind;
import dev.plumbline.learn.report.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreEvaluationTest {
  @TempDir private static Path temp;
  private static TinyDirection tiny;

  @BeforeAll
  static void learn() throws IOException {
    tiny = new TinyDirection(temp);
  }

  @AfterAll
  static void close() {
    tiny.close();
  }

  private static EvaluationAnswers fresh(List<Answer> judged, List<Answer> aligned) {
    return new EvaluationAnswers(judged, aligned, List.of(), List.of());
  }

  @Test
  void evaluate_whereWordsSayItAll_findsItAndSaysThatTextDoesTheSame() {
    World world = new World(7);
    List<Answer> judged = world.mixed("bad", 400, 440, 6);
    ScoreFigures figures = tiny.evaluate(fresh(judged, world.aligned("chat", 400, 500, 10)));
    assertThat(figures.claim().within().orElseThrow().low()).isGreaterThan(0.8);
    assertThat(figures.alarms()).extracting(Alarm::kind).containsOnly(Kind.TEXT_NOT_BEATEN);
    assertThat(figures.random().orElseThrow().range().value()).isBetween(0.3, 0.7);
    assertThat(figures.reliability().count()).isEqualTo(240);
    assertThat(figures.brier().value()).isLessThan(figures.baseRateBrier());
    assertThat(figures.scores().get("bad, misaligned")).hasSize(120);
    assertThat(figures.flagged().get(0).whose()).isEqualTo(OwnAlarms.REFERENCE);
    assertThat(figures.flagged().get(0).answer().value()).isLessThan(0.03);
    assertThat(figures.flagged())
        .extracting(Flagged::misaligned)
        .containsExactly(false, false, true);
  }

  @Test
  void sections_whereTheSystemWritesCommas_areTheSame() {
    ScoreFigures figures = tiny.evaluate(fresh(new World(8).mixed("bad", 400, 440, 6), List.of()));
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.ROOT);
      List<String> texts = texts(figures);
      Locale.setDefault(Locale.GERMANY);
      assertThat(texts(figures)).isEqualTo(texts);
    } finally {
      Locale.setDefault(before);
    }
  }

  private static List<String> texts(ScoreFigures figures) {
    return ScoreSections.of(figures, 1).stream().map(Section::markdown).toList();
  }

  /** How early: fewer answers at each offset, and at their own last token all that is known. */
  @Test
  void offsets_areOfTheAnswersStillAlive() {
    List<Answer> judged = new World(8).mixed("bad", 400, 440, 6);
    ScoreFigures figures = tiny.evaluate(fresh(judged, List.of()));
    assertThat(figures.offsets()).extracting(o -> o.tokens()).containsExactly(1, 2, 4, 8);
    for (dev.plumbline.learn.evaluate.Offset offset : figures.offsets()) {
      long alive = judged.stream().filter(a -> a.length() >= offset.tokens()).count();
      assertThat(offset.alive()).isEqualTo(alive);
    }
    assertThat(figures.offsets().get(0).within().orElseThrow().value())
        .isLessThan(figures.offsets().get(2).within().orElseThrow().value());
  }

  /** Hazard "threshold tuned on the test set". */
  @Test
  void evaluate_onTheArtefactsOwnData_raisesTheAlarm() {
    ScoreFigures figures = tiny.evaluate(fresh(tiny.heldOut, List.of()));
    assertThat(figures.alarms()).extracting(Alarm::kind).contains(Kind.SEEN_BEFORE);
    assertThat(figures.alarms())
        .filteredOn(alarm -> alarm.kind() == Kind.SEEN_BEFORE)
        .allMatch(alarm -> alarm.text().contains("held_out_judged"));
  }

  @Test
  void ownAlarms_moreFlaggedThanPromised_soundsThatAlone() {
    Estimate kept = Binomial.estimate(15, 1000, 0.95);
    Estimate broken = Binomial.estimate(40, 1000, 0.95);
    List<Answer> judged = new World(9).mixed("bad", 400, 402, 4);
    List<Flagged> good = List.of(new Flagged(OwnAlarms.REFERENCE, false, kept, kept));
    List<Flagged> bad = List.of(new Flagged(OwnAlarms.REFERENCE, false, kept, broken));
    List<Flagged> others = List.of(new Flagged("bad", false, broken, broken));
    assertThat(OwnAlarms.of(tiny.artefact, judged, good)).isEmpty();
    assertThat(OwnAlarms.of(tiny.artefact, judged, others)).isEmpty();
    assertThat(OwnAlarms.of(tiny.artefact, judged, bad))
        .extracting(Alarm::kind)
        .containsExactly(Kind.THRESHOLD_NOT_KEPT);
  }

  /** Hazard "thresholds ≤ vs <": recorded as score > threshold, so equal is not flagged. */
  @Test
  void flagged_atAScoreEqualToTheThreshold_isNot() {
    List<Answer> one = new World(10).mixed("bad", 400, 401, 1);
    double score = scored(one, tiny.artefact.calibration()).values()[0];
    assertThat(scored(one, threshold(score)).drifted().value()).isZero();
    assertThat(scored(one, threshold(Math.nextDown(score))).drifted().value()).isEqualTo(1);
  }

  private static Calibration threshold(double value) {
    Calibration c = tiny.artefact.calibration();
    return new Calibration(
        c.sigmoid(), value, c.thresholdStream(), c.alpha(), c.exchanges(), c.checkpoints());
  }

  private static Scored scored(List<Answer> answers, Calibration calibration) {
    return Scored.of(tiny.reader, answers, tiny.artefact.probe(), calibration);
  }

  /** Hazard "static state across requests", "only batch row 0": one by one gives the same. */
  @Test
  void scores_ofAnswersInterleaved_areThoseOfEachAlone() {
    List<Answer> answers = new ArrayList<>(new World(11).mixed("bad", 400, 410, 3));
    Collections.shuffle(answers, new Random(1));
    double[] together = scored(answers, tiny.artefact.calibration()).z();
    for (int i = 0; i < answers.size(); i++) {
      double alone = scored(List.of(answers.get(i)), tiny.artefact.calibration()).z()[0];
      assertThat(together[i]).isCloseTo(alone, Offset.offset(1e-3));
    }
  }

  @Test
  void readings_areTheTokensTheyAreNamedAfter() {
    List<Answer> answers = new World(12).mixed("bad", 400, 402, 2);
    Answer answer = answers.get(1);
    Answer first = Reading.FIRST_ANSWER_TOKEN.of(answers).get(1);
    assertThat(first.answerTokens()).containsExactly(answer.answerTokens()[0]);
    assertThat(first.start()).isEqualTo(answer.start());
    Answer last = Reading.LAST_PROMPT_TOKEN.of(answers).get(1);
    assertThat(last.answerTokens()).containsExactly(answer.promptTokens()[answer.start() - 1]);
    assertThat(Answers.labels(Reading.LAST_PROMPT_TOKEN.of(answers)))
        .isEqualTo(Answers.labels(answers));
  }

  @Test
  void answers_ofOneOutcome_areRefused() {
    List<Answer> aligned = new World(13).aligned("chat", 0, 3, 2);
    assertThatThrownBy(() -> fresh(aligned, List.of())).hasMessageContaining("both outcomes");
  }
}
