package dev.plumbline.learn.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.GroupFolds;
import dev.plumbline.learn.direction.ShuffleControl;
import dev.plumbline.learn.direction.logistic.DenseFit;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.evaluate.Alarm.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Planted truths: what is there is found, what is not there raises the alarm. */
class ControlTableTest {
  private static final double[] EVEN = Planted.rates(40, p -> 0.5);
  private static final double[] BY_PROMPT = Planted.rates(40, p -> p % 2);

  /** Mostly by the prompt, as judged answers of real models are. */
  private static final double[] SKEWED = Planted.rates(20, p -> p % 2 == 0 ? 0.05 : 0.95);

  private static FoldFigures probe(ControlTable table) {
    return table.states().get(Reading.ANSWER_MEAN);
  }

  @Test
  void of_honestSignalWithinPrompts_isFoundAndRaisesNoAlarm() {
    Planted planted = new Planted(1).add("m", EVEN, 10, 3, 1, 0);
    ControlTable table = planted.controls();
    assertThat(probe(table).grouped().orElseThrow().low()).isGreaterThan(0.9);
    assertThat(probe(table).within().orElseThrow().low()).isGreaterThan(0.9);
    assertThat(table.counts()).isEqualTo(new Counts(400, 200, 1, 40, 40));
    assertThat(table.promptIdentity().value()).isLessThan(0.5);
    assertThat(table.shuffled().orElseThrow().value()).isCloseTo(0.5, Offset.offset(0.05));
    assertThat(table.bestText().orElseThrow().value()).isLessThan(0.65);
    assertThat(Alarms.of(planted.claim(), table, Optional.empty())).isEmpty();
  }

  /** Hazard "prompt-identity confound": the label is a function of the prompt. */
  @Test
  void of_labelDecidedByThePrompt_raisesTheAlarm() {
    Planted planted = new Planted(2).add("m", BY_PROMPT, 10, 3, 1, 0);
    ControlTable table = planted.controls();
    assertThat(table.promptIdentity().value()).isEqualTo(1);
    assertThat(probe(table).within()).isEmpty();
    assertThat(Alarms.of(planted.claim(), table, Optional.empty()))
        .extracting(Alarm::kind)
        .contains(Kind.TOO_FEW_PROMPTS, Kind.PROMPT_IDENTITY_NOT_BEATEN);
  }

  /** The first-token probe of the field: high at random, nothing by prompt. */
  @Test
  void of_statesThatOnlyKnowThePrompt_areGoodAtRandomAndNothingByPrompt() {
    ControlTable table = new Planted(3).add("m", SKEWED, 20, 0, 3, 0).controls();
    FoldFigures figures = probe(table);
    assertThat(figures.random().orElseThrow().value()).isGreaterThan(0.85);
    assertThat(figures.grouped().orElseThrow().value()).isLessThan(0.6);
    assertThat(figures.within().orElseThrow().value()).isCloseTo(0.5, Offset.offset(0.1));
    assertThat(figures.flattery().orElseThrow()).isGreaterThan(0.25);
    assertThat(table.promptIdentity().value()).isGreaterThan(0.8);
  }

  @Test
  void of_onePrompt_leavesOutWhatCannotBeTaken() {
    ControlTable table =
        new Planted(4).add("m", Planted.rates(1, p -> 0.5), 20, 3, 1, 0).controls();
    assertThat(probe(table).random()).isPresent();
    assertThat(probe(table).grouped()).isEmpty();
    assertThat(table.shuffled()).isEmpty();
    assertThat(table.counts().mixed()).isEqualTo(1);
  }

  /** A control must be able to fail: a procedure that looks at the answers is caught. */
  @Test
  void shuffled_ofAProcedureThatLeaks_isNotHalf() {
    StateRows states = new Planted(5).add("m", EVEN, 10, 0, 1, 0).states();
    GroupedFit folds = Planted.validation().grouped(states.answers());
    assertThat(ShuffleControl.auroc(states.answers(), folds, ControlTableTest::leaking, 1).value())
        .isEqualTo(1);
  }

  private static double[] leaking(GroupedFit folds) {
    double[] scores = new double[folds.labels().length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = folds.labels()[i] ? 1 : 0;
    }
    return scores;
  }

  /** Hazard "statistics fitted on test rows": a held-out row has no part in its fold's numbers. */
  @Test
  void outOfFold_whereOneRowChangesMuch_leavesItsFoldsOtherScoresAlone() {
    StateRows states = new Planted(6).add("m", EVEN, 10, 2, 1, 0).states();
    GroupedFit folds = Planted.validation().grouped(states.answers());
    double[] before = new DenseFit(states.rows(), folds).outOfFold();
    double[][] changed = states.rows().clone();
    changed[0] = changed[0].clone();
    changed[0][3] = 1e6;
    double[] after = new DenseFit(changed, folds).outOfFold();
    int[] fold = GroupFolds.assign(folds.groups(), folds.folds(), folds.seed());
    int others = 0;
    for (int i = 1; i < fold.length; i++) {
      if (fold[i] == fold[0]) {
        assertThat(after[i]).isEqualTo(before[i]);
      } else {
        others += after[i] != before[i] ? 1 : 0;
      }
    }
    assertThat(others).isPositive();
  }

  /** Hazard "contiguous split of paired rows": rows of a pair are never on two sides. */
  @Test
  void grouped_pairedRowsFarApart_areInOneFold() {
    StateRows states =
        new Planted(7).add("a", EVEN, 2, 0, 1, 0).add("b", EVEN, 2, 0, 1, 0).states();
    GroupedFit folds = Planted.validation().grouped(states.answers());
    int[] fold = GroupFolds.assign(folds.groups(), folds.folds(), folds.seed());
    Map<String, Integer> seen = new LinkedHashMap<>();
    for (int i = 0; i < fold.length; i++) {
      Integer first = seen.putIfAbsent(states.answers().get(i).prompt(), fold[i]);
      assertThat(first == null || first == fold[i]).isTrue();
    }
    assertThat(seen.values()).containsAll(List.of(0, 1, 2, 3, 4));
  }

  /** Hazard "random control norm × √d". */
  @Test
  void random_hasTheNormOfTheProbeAtEachOfItsPoints() {
    float[] weights = RandomDirection.unit(64, 1).components();
    float[] heavier = new float[64];
    for (int i = 0; i < 64; i++) {
      heavier[i] = 3 * weights[i];
    }
    Readout probe =
        new Readout("p", Map.of(TapPoint.residPost(0), weights, TapPoint.residPost(1), heavier), 0);
    Readout random = RandomControl.matched(probe, 9);
    assertThat(RandomControl.norm(random.weights(TapPoint.residPost(0))))
        .isCloseTo(1, Offset.offset(1e-6));
    assertThat(RandomControl.norm(random.weights(TapPoint.residPost(1))))
        .isCloseTo(3, Offset.offset(1e-6));
  }

  @Test
  void random_besideASignal_isBeatenByIt_andBesideNoneIsNot() {
    Readout along = along();
    StateRows honest = new Planted(8).add("m", EVEN, 10, 3, 0.5, 0).states();
    RandomControl control = RandomControl.of(along, honest, 39, 1).orElseThrow();
    assertThat(control.range().value()).isBetween(0.35, 0.65);
    assertThat(control.share(0.95)).isLessThan(0.06);
    StateRows nothing = new Planted(8).add("m", EVEN, 10, 0, 0.5, 0).states();
    assertThat(RandomControl.of(along, nothing, 39, 1).orElseThrow().share(0.5)).isGreaterThan(0.9);
  }

  private static Readout along() {
    float[] weights = new float[Planted.D];
    weights[0] = 1;
    return new Readout("along", Map.of(TapPoint.residPost(0), weights), 0);
  }

  @Test
  void states_notANumber_areRefusedWithTheirAnswer() {
    StateRows states = new Planted(9).add("m", EVEN, 2, 0, 1, 0).states();
    states.rows()[3][5] = Double.NaN;
    assertThatThrownBy(() -> new StateRows(states.answers(), states.rows()))
        .hasMessageContaining("answer 4 to 'p1'")
        .hasMessageContaining("NaN");
  }
}
