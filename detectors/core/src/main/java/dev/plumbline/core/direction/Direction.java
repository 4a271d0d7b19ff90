package dev.plumbline.core.direction;

import dev.plumbline.core.Check;
import java.util.Arrays;

/**
 * A unit vector {@code [D]} in the residual stream. Its sign matters: positive is misaligned.
 *
 * <p>Immutable; arrays are copied in and out. Components are kept as float32 (the form on disk and
 * on the device); sums run in double over the exactly normalised components, so the float64
 * reference of an ablation leaves a projection of double rounding size and not of float's.
 */
public final class Direction {

  /** How far from 1 a norm may lie in {@link #ofUnit}. */
  public static final double NORM_TOLERANCE = 1e-4;

  /** A norm this near to 1 is float32 rounding: the components are kept bit for bit. */
  private static final double ROUNDING = 0x1p-21;

  private static final double EXACT_TOLERANCE = 1e-12;

  private final float[] components;
  private final double[] exact;

  private Direction(float[] components, double norm) {
    this(components, divided(components, norm));
  }

  private Direction(float[] components, double[] exact) {
    this.components = components;
    this.exact = exact;
  }

  private static double[] divided(float[] components, double norm) {
    double[] unit = new double[components.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = components[i] / norm;
    }
    return unit;
  }

  /** The direction of any vector that is finite and not zero; the length is dropped. */
  public static Direction of(float... vector) {
    return normalised(vector, norm(vector));
  }

  /** The direction of any vector that is finite and not zero; the length is dropped. */
  public static Direction of(double[] vector) {
    double largest = Arrays.stream(vector).map(Math::abs).reduce(0, Math::max);
    requireLength(largest);
    float[] scaled = new float[vector.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (vector[i] / largest);
    }
    return of(scaled);
  }

  /** A direction read from a file: its norm must be 1 ± {@link #NORM_TOLERANCE}. */
  public static Direction ofUnit(float... vector) {
    double norm = norm(vector);
    Check.that(
        Math.abs(norm - 1) <= NORM_TOLERANCE,
        "norm of a direction",
        "1 ± " + NORM_TOLERANCE,
        norm,
        "normalise it where it is learned");
    return Math.abs(norm - 1) <= ROUNDING
        ? new Direction(vector.clone(), norm)
        : normalised(vector, norm);
  }

  /**
   * A unit vector whose double form is kept as it is, for what float32 would spoil: axes that must
   * be orthogonal to each other to double rounding.
   *
   * @param unit of norm 1 ± 1e-12, copied
   */
  public static Direction ofExact(double... unit) {
    float[] narrow = new float[unit.length];
    double sum = 0;
    for (int i = 0; i < unit.length; i++) {
      narrow[i] = (float) unit[i];
      sum += unit[i] * unit[i];
    }
    Check.finite(narrow, "direction");
    Check.that(
        Math.abs(Math.sqrt(sum) - 1) <= EXACT_TOLERANCE,
        "norm of an exact direction",
        "1 ± " + EXACT_TOLERANCE,
        Math.sqrt(sum),
        "normalise it in double, or use Direction.of");
    return new Direction(narrow, unit.clone());
  }

  private static Direction normalised(float[] vector, double norm) {
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / norm);
    }
    return new Direction(unit, norm(unit));
  }

  private static double norm(float[] vector) {
    Check.finite(vector, "direction");
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    requireLength(sum);
    return Math.sqrt(sum);
  }

  private static void requireLength(double length) {
    Check.that(
        Double.isFinite(length) && length > 0,
        "direction",
        "a finite vector that is not zero",
        "length " + length,
        "check the contrast it was learned from");
  }

  /** D. */
  public int size() {
    return components.length;
  }

  /** The float32 components {@code [D]}, copied. */
  public float[] components() {
    return components.clone();
  }

  /** The components {@code [D]}, normalised in double, copied. */
  public double[] exact() {
    return exact.clone();
  }

  /** The projection {@code h·d} of a hidden state {@code [D]}, summed in double. */
  public double dot(float[] hidden) {
    Check.size(exact.length, hidden.length, "hidden state");
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      sum += exact[i] * hidden[i];
    }
    return sum;
  }

  /** The projection {@code h·d} of a hidden state {@code [D]}. */
  public double dot(double[] hidden) {
    Check.size(exact.length, hidden.length, "hidden state");
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      sum += exact[i] * hidden[i];
    }
    return sum;
  }

  /** {@code h + c·d} {@code [D]}, a new array. */
  public double[] addTo(double[] hidden, double c) {
    Check.size(exact.length, hidden.length, "hidden state");
    double[] moved = hidden.clone();
    for (int i = 0; i < exact.length; i++) {
      moved[i] += c * exact[i];
    }
    return moved;
  }

  /** The cosine with another direction of the same size. */
  public double cosine(Direction other) {
    return dot(other.exact);
  }

  /** The opposite direction. */
  public Direction negated() {
    float[] opposite = components.clone();
    double[] exactly = exact.clone();
    for (int i = 0; i < opposite.length; i++) {
      opposite[i] = -opposite[i];
      exactly[i] = -exactly[i];
    }
    return new Direction(opposite, exactly);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Direction direction
        && Arrays.equals(components, direction.components)
        && Arrays.equals(exact, direction.exact);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(components);
  }

  @Override
  public String toString() {
    return "Direction[D=" + components.length + "]";
  }
}
