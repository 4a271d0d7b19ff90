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
 * The laws of every intervention, over seeded random directions and states of many lengths, against
 * a float64 reference written out by hand. Tolerances: a projection is a sum of D products, so it
 * errs by at most (D+2)·ε·‖h‖, and so does what is built from it.
 */
abstract class InterventionContract {

  static final int D = 48;
  static final double EPSILON = Math.ulp(1.0);
  private static final int SEEDS = 8;

  /** Variants along {@code direction}; at least one changes every state. */
  abstract List<? extends Intervention> variants(Direction direction);

  /** {@code h'} by another way than the code's. */
  abstract double[] byHand(Intervention intervention, double[] h);

  /** How much rounding this kind may multiply: more axes add up, slanted ones are divided by. */
  double condition() {
    return 1;
  }

  @Test
  void apply_anyState_isTheReference() {
    forEach(
        (intervention, h) -> {
          double[] wanted = byHand(intervention, h);
          assertThat(intervention.apply(h))
              .containsExactly(wanted, within(condition() * tolerance(h, norm(wanted))));
        });
  }

  @Test
  void apply_anyState_leavesTheOrthogonalPartAloneUnlessItKeepsTheNorm() {
    forEach(
        (intervention, h) -> {
          double[] before = outside(intervention, h);
          double[] moved = intervention.apply(h);
          double[] after = outside(intervention, moved);
          double rounding = condition() * tolerance(h, norm(moved));
          if (intervention.keepsNorm()) {
            assertThat(norm(moved)).isCloseTo(norm(h), within(rounding));
            assertThat(cosine(after, before)).isCloseTo(1, within(rounding / norm(before)));
          } else {
            assertThat(after).containsExactly(before, within(rounding));
          }
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
  void apply_zeroState_staysFinite() {
    forEach(
        (intervention, h) -> {
          double[] moved = intervention.apply(new double[D]);
          assertThat(norm(moved)).isFinite();
          assertThat(intervention.keepsNorm() ? norm(moved) : 0).isZero();
        });
  }

  @Test
  void receipt_anyState_isTheLengthOfTheChangeBeforeRescaling() {
    forEach(
        (intervention, h) -> {
          Receipt receipt = intervention.receipt(h);
          assertThat(receipt.applied()).isTrue();
          assertThat(receipt.tokens()).isEqualTo(1);
          assertThat(receipt.largest()).isEqualTo(receipt.removed());
          double[] moved = byHand(bare(intervention), h);
          double change = norm(sum(moved, h, -1));
          assertThat(receipt.removed())
              .isCloseTo(change, within(D * condition() * tolerance(h, norm(moved))));
        });
  }

  @Test
  void receipt_overManyStates_isNotZero() {
    variants(RandomDirection.unit(D, 4))
        .forEach(
            intervention -> {
              Receipt all =
                  states(3).stream()
                      .map(intervention::receipt)
                      .reduce(Receipt.NONE, Receipt::merge);
              assertThat(all.tokens()).isEqualTo(states(3).size());
              assertThat(all.removed()).isPositive();
            });
  }

  @Test
  void edits_axes_areOrthonormal() {
    for (Intervention intervention : variants(RandomDirection.unit(D, 4))) {
      List<AxisEdit> edits = intervention.edits();
      for (int i = 0; i < edits.size(); i++) {
        for (int j = 0; j <= i; j++) {
          double cosine = edits.get(i).direction().cosine(edits.get(j).direction());
          assertThat(cosine).isCloseTo(i == j ? 1 : 0, within(4 * D * EPSILON));
        }
      }
      assertThat(intervention.size()).isEqualTo(D);
    }
  }

  @Test
  void apply_wrongWidth_isRefused() {
    variants(RandomDirection.unit(D, 4))
        .forEach(
            intervention ->
                assertThatThrownBy(() -> intervention.apply(new double[D - 1]))
                    .hasMessageContaining("wanted size " + D));
  }

  /** Runs a law over every variant of several directions, and states of several lengths. */
  void forEach(Law law) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      for (Intervention intervention : variants(RandomDirection.unit(D, 100 + seed))) {
        states(seed).forEach(h -> law.check(intervention, h));
      }
    }
  }

  static double tolerance(double[] h, double moved) {
    return 4 * (D + 2) * EPSILON * (norm(h) + Math.abs(moved));
  }

  static double norm(double[] h) {
    return Math.sqrt(IntStream.range(0, h.length).mapToDouble(i -> h[i] * h[i]).sum());
  }

  static double[] sum(double[] h, double[] other, double c) {
    return IntStream.range(0, h.length).mapToDouble(i -> h[i] + c * other[i]).toArray();
  }

  private static double cosine(double[] a, double[] b) {
    double dot = IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    return dot / norm(a) / norm(b);
  }

  private static Intervention bare(Intervention intervention) {
    return intervention instanceof NormPreserving kept ? kept.inner() : intervention;
  }

  /** The part of a state outside all axes. */
  private static double[] outside(Intervention intervention, double[] h) {
    double[] rest = h.clone();
    for (AxisEdit edit : intervention.edits()) {
      rest = edit.direction().addTo(rest, -edit.direction().dot(rest));
    }
    return rest;
  }

  private static List<double[]> states(int seed) {
    Random random = new Random(17L * seed);
    return IntStream.range(0, 30)
        .mapToObj(
            n -> {
              double length = Math.pow(10, random.nextInt(5) - 2);
              return IntStream.range(0, D)
                  .mapToDouble(i -> length * random.nextGaussian())
                  .toArray();
            })
        .toList();
  }

  interface Law {
    void check(Intervention intervention, double[] h);
  }
}
