package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The laws of every intervention, over random states. Tolerances: a projection is a sum of D
 * products, so it errs by at most (D+2)·ε·‖h‖, and so does what is built from it.
 */
abstract class InterventionContract {

  static final int D = 48;
  static final double EPSILON = Math.ulp(1.0);

  /** Variants along {@code direction}; at least one changes every state. */
  abstract List<? extends Intervention> variants(Direction direction);

  /** The projection the intervention is defined to leave, written out by hand. */
  abstract double expected(Intervention intervention, double p);

  @Test
  void apply_anyState_leavesTheDefinedProjection() {
    forEach(
        (intervention, h) -> {
          double p = intervention.direction().dot(h);
          double after = intervention.direction().dot(intervention.apply(h));
          assertThat(after).isCloseTo(expected(intervention, p), within(tolerance(h, after)));
        });
  }

  @Test
  void apply_anyState_leavesTheOrthogonalPartAlone() {
    forEach(
        (intervention, h) -> {
          double[] before = orthogonal(intervention.direction(), h);
          double[] after = orthogonal(intervention.direction(), intervention.apply(h));
          assertThat(after)
              .containsExactly(before, within(tolerance(h, intervention.receipt(h).removed())));
        });
  }

  @Test
  void apply_anyState_doesNotTouchItsArgument() {
    forEach(
        (intervention, h) -> {
          double[] kept = h.clone();
          assertThat(intervention.apply(h)).isNotSameAs(h);
          assertThat(h).containsExactly(kept);
        });
  }

  @Test
  void receipt_anyState_isTheChangeOfTheProjection() {
    forEach(
        (intervention, h) -> {
          Receipt receipt = intervention.receipt(h);
          double p = intervention.direction().dot(h);
          assertThat(receipt.applied()).isTrue();
          assertThat(receipt.tokens()).isEqualTo(1);
          assertThat(receipt.largest()).isEqualTo(receipt.removed());
          assertThat(receipt.removed())
              .isCloseTo(Math.abs(expected(intervention, p) - p), within(tolerance(h, p)));
        });
  }

  @Test
  void receipt_overManyStates_isNotZero() {
    variants(RandomDirection.unit(D, 4))
        .forEach(
            intervention -> {
              Receipt all =
                  states().stream().map(intervention::receipt).reduce(Receipt.NONE, Receipt::merge);
              assertThat(all.tokens()).isEqualTo(states().size());
              assertThat(all.removed()).isPositive();
            });
  }

  @Test
  void apply_wrongWidth_isRefused() {
    variants(RandomDirection.unit(D, 4))
        .forEach(
            intervention ->
                assertThatThrownBy(() -> intervention.apply(new double[D - 1]))
                    .hasMessageContaining("wanted size " + D));
  }

  /** Runs a law over every variant and state. */
  void forEach(Law law) {
    for (Intervention intervention : variants(RandomDirection.unit(D, 4))) {
      states().forEach(h -> law.check(intervention, h));
    }
  }

  static double tolerance(double[] h, double moved) {
    return 4 * (D + 2) * EPSILON * (norm(h) + Math.abs(moved));
  }

  static double norm(double[] h) {
    return Math.sqrt(IntStream.range(0, h.length).mapToDouble(i -> h[i] * h[i]).sum());
  }

  private static double[] orthogonal(Direction direction, double[] h) {
    return direction.addTo(h, -direction.dot(h));
  }

  private static List<double[]> states() {
    Random random = new Random(17);
    return IntStream.range(0, 100)
        .mapToObj(n -> IntStream.range(0, D).mapToDouble(i -> 5 * random.nextGaussian()).toArray())
        .toList();
  }

  interface Law {
    void check(Intervention intervention, double[] h);
  }
}
