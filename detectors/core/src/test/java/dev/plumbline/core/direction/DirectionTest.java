package dev.plumbline.core.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DirectionTest {

  /** A sum of D products of doubles of magnitude ≤ 1 errs by at most D·ulp. */
  private static final double SUM_OF_FOUR = 4 * Math.ulp(1.0);

  @Test
  void of_anyVector_dropsTheLength() {
    assertThat(Direction.of(3, 4).components()).containsExactly(0.6f, 0.8f);
    assertThat(Direction.of(new double[] {3e-200, 4e-200})).isEqualTo(Direction.of(3, 4));
    assertThat(Direction.of(new double[] {3e200, 4e200})).isEqualTo(Direction.of(3, 4));
  }

  @Test
  void of_zeroOrNotFinite_isRefused() {
    for (float[] bad :
        List.of(
            new float[3],
            new float[0],
            new float[] {1, Float.NaN},
            new float[] {Float.POSITIVE_INFINITY, 0})) {
      assertThatThrownBy(() -> Direction.of(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Direction.of(new double[] {Double.NaN, 1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ofUnit_normOff_isRefusedBeyondTheTolerance() {
    assertThat(Direction.ofUnit(1.00005f, 0).components()[0]).isEqualTo(1f);
    assertThatThrownBy(() -> Direction.ofUnit(1.0002f, 0))
        .hasMessageContainingAll("norm of a direction", "wanted 1 ± 1.0E-4", "1.000", "normalise");
  }

  @Test
  void ofUnit_floatRounding_keepsEveryBit() {
    float[] unit = RandomDirection.unit(64, 7).components();
    assertThat(Direction.ofUnit(unit).components()).containsExactly(unit);
  }

  @Test
  void ofExact_unitInDouble_keepsItsDoubles() {
    Direction d = Direction.ofExact(0.6, 0.8);
    assertThat(d.exact()).containsExactly(0.6, 0.8);
    assertThat(d).isNotEqualTo(Direction.of(3, 4));
    assertThat(d.components()).containsExactly(Direction.of(3, 4).components());
    assertThat(d.negated().exact()).containsExactly(-0.6, -0.8);
    assertThatThrownBy(() -> Direction.ofExact(1, 1e-5))
        .hasMessageContaining("norm of an exact direction");
    assertThatThrownBy(() -> Direction.ofExact(Double.NaN)).hasMessageContaining("direction");
  }

  @Test
  void dot_withItself_isOneInDouble() {
    Direction d = RandomDirection.unit(4096, 3);
    assertThat(d.dot(d.exact())).isCloseTo(1, within(4096 * Math.ulp(1.0)));
    assertThat(d.cosine(d.negated())).isCloseTo(-1, within(4096 * Math.ulp(1.0)));
  }

  @Test
  void dot_hiddenState_isTheProjection() {
    Direction d = Direction.of(1, -1, 1, -1);
    assertThat(d.dot(new float[] {4, 0, 0, 0})).isCloseTo(2, within(SUM_OF_FOUR));
    assertThat(d.dot(new double[] {0, 4, 0, 0})).isCloseTo(-2, within(SUM_OF_FOUR));
    assertThatThrownBy(() -> d.dot(new float[3])).hasMessageContaining("wanted size 4, found 3");
  }

  @Test
  void arrays_changedOutside_doNotChangeIt() {
    float[] given = {3, 4};
    Direction d = Direction.of(given);
    given[0] = 100;
    d.components()[0] = 100;
    d.exact()[0] = 100;
    assertThat(d).isEqualTo(Direction.of(3, 4)).hasSameHashCodeAs(Direction.of(3, 4));
    assertThat(d.dot(new float[] {1, 0})).isCloseTo(0.6, within(1e-7));
  }

  @Test
  void randomUnit_sameSeed_isTheSameAndOthersAreNearlyOrthogonal() {
    Direction d = RandomDirection.unit(4096, 1);
    assertThat(d).isEqualTo(RandomDirection.unit(4096, 1));
    // Cosines of random directions have standard deviation 1/√D = 1/64; five of them.
    assertThat(d.cosine(RandomDirection.unit(4096, 2))).isCloseTo(0, within(5.0 / 64));
  }

  @Test
  void cosines_ofThree_areSymmetricWithUnitDiagonal() {
    double[][] c =
        Cosines.matrix(List.of(Direction.of(1, 0), Direction.of(0, 1), Direction.of(1, 1)));
    assertThat(c[0]).containsExactly(new double[] {1, 0, Math.sqrt(0.5)}, within(1e-7));
    assertThat(c[2]).containsExactly(new double[] {c[0][2], c[1][2], 1}, within(0.0));
  }
}
