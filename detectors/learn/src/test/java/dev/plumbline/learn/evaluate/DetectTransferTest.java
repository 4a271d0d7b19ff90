package dev.plumbline.learn.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DetectTransferTest {
  private static final double[] EVEN = Planted.rates(40, p -> 0.5);

  private static void both(StateRows states, Consumer<DetectTransfer> check) {
    check.accept(DetectTransfer.meanDifference(states, Planted.validation()));
    check.accept(DetectTransfer.probe(states, Planted.validation()));
  }

  @Test
  void of_modelsThatShareADirection_transfers() {
    StateRows states =
        new Planted(1).add("a", EVEN, 8, 3, 0.5, 0).add("b", EVEN, 8, 3, 0.5, 0).states();
    both(
        states,
        transfer ->
            assertThat(transfer.cells())
                .hasSize(4)
                .allMatch(cell -> cell.within().orElseThrow().low() > 0.85)
                .allMatch(cell -> cell.across().orElseThrow().low() > 0.85)
                .allMatch(cell -> cell.left() == 0));
  }

  @Test
  void of_modelsOfDifferentDirections_doesNotTransfer() {
    StateRows states =
        new Planted(2).add("a", EVEN, 8, 3, 0.5, 0).add("b", EVEN, 8, 3, 0.5, 1).states();
    both(
        states,
        transfer -> {
          assertThat(transfer.cell("a", "a").within().orElseThrow().low()).isGreaterThan(0.85);
          assertThat(transfer.cell("a", "b").within().orElseThrow().value())
              .isCloseTo(0.5, Offset.offset(0.2));
        });
  }

  /** The same prompts under both models: an answer's prompt must not have taught its judge. */
  @Test
  void of_promptsThatDecide_isNothingOffTheDiagonalEither() {
    double[] byPrompt = Planted.rates(40, p -> p % 2 == 0 ? 0.1 : 0.9);
    StateRows states =
        new Planted(3).add("a", byPrompt, 8, 0, 3, 0).add("b", byPrompt, 8, 0, 3, 0).states();
    DetectTransfer transfer = DetectTransfer.probe(states, Planted.validation());
    assertThat(transfer.cells())
        .allMatch(cell -> cell.across().orElseThrow().value() < 0.65)
        .allMatch(cell -> cell.within().orElseThrow().value() < 0.65);
  }

  @Test
  void of_modelWithOneOutcome_countsWhatWasNotScored() {
    StateRows states =
        new Planted(4)
            .add("a", EVEN, 8, 3, 0.5, 0)
            .add("good", Planted.rates(40, p -> 0), 4, 0, 0.5, 0)
            .states();
    DetectTransfer transfer = DetectTransfer.meanDifference(states, Planted.validation());
    assertThat(transfer.cell("good", "a").left()).isEqualTo(320);
    assertThat(transfer.cell("good", "a").within()).isEmpty();
    assertThat(transfer.cell("a", "good").across()).isEmpty();
    assertThat(transfer.cell("a", "good").left()).isZero();
  }

  @Test
  void directions_thatNoLabelTaught_areHeldAgainstEveryModel() {
    StateRows states =
        new Planted(5).add("a", EVEN, 8, 3, 0.5, 0).add("b", EVEN, 8, 3, 0.5, 1).states();
    double[] first = new double[Planted.D];
    double[] second = new double[Planted.D];
    first[0] = 1;
    second[1] = 1;
    DetectTransfer transfer =
        DetectTransfer.directions(
            "given", Map.of("a", first, "b", second), states, Planted.validation());
    assertThat(transfer.cell("a", "a").within().orElseThrow().low()).isGreaterThan(0.9);
    assertThat(transfer.cell("b", "b").within().orElseThrow().low()).isGreaterThan(0.9);
    assertThat(transfer.cell("a", "b").within().orElseThrow().value())
        .isCloseTo(0.5, Offset.offset(0.12));
  }
}
