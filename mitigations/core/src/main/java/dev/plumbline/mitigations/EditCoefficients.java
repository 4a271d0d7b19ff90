package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;

/**
 * The one form all interventions have along an axis, and the runtime compiles:
 *
 * <pre>h' = h + α·(clamp(t·p + c, lo, hi) − p)·d,  p = h·d</pre>
 *
 * <p>So the projection becomes {@code p' = p + α·(clamp(t·p + c, lo, hi) − p)} and the part of h
 * orthogonal to d is left alone.
 *
 * @param alpha α, the strength
 * @param t slope of the target in p: 0 forgets p, 1 keeps it
 * @param c offset of the target, in residual units
 * @param lo lower bound of the target, −∞ for none
 * @param hi upper bound of the target, +∞ for none
 */
public record EditCoefficients(double alpha, double t, double c, double lo, double hi) {

  public EditCoefficients {
    Check.finite(alpha, "edit alpha");
    Check.finite(t, "edit t");
    Check.finite(c, "edit c");
    Check.that(
        lo <= hi && lo < Double.POSITIVE_INFINITY && hi > Double.NEGATIVE_INFINITY,
        "edit bounds",
        "lo ≤ hi with room between",
        lo + " and " + hi,
        "swap them, or leave one out");
  }

  /** Without bounds. */
  static EditCoefficients unbounded(double alpha, double t, double c) {
    return new EditCoefficients(alpha, t, c, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** What is added to a projection p: {@code p' − p}. */
  public double change(double p) {
    return alpha * (Math.max(lo, Math.min(hi, t * p + c)) - p);
  }

  /** {@code h'} {@code [D]} in float64, a new array. */
  public double[] apply(double[] hidden, Direction direction) {
    return direction.addTo(hidden, change(direction.dot(hidden)));
  }
}
