package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The span of several directions: K orthonormal axes q with {@code dₖ = Σⱼ Rₖⱼ qⱼ}, R lower
 * triangular.
 *
 * <p>Gram–Schmidt in float64, each vector orthogonalised twice (Giraud, Langou & Rozložník 2005:
 * twice is enough for orthogonality to rounding, as long as the vectors are not dependent to
 * rounding). What is nearly dependent is refused long before: the axis left over would be made of
 * the rounding of its parents. The first axis is the first direction. Immutable.
 */
public final class Subspace {

  /** Least part of a unit direction outside the span of those before it: an angle of 0.6°. */
  public static final double LEAST_RESIDUAL = 0.01;

  private final List<Direction> directions;
  private final List<Direction> axes;
  private final double[][] triangle;

  private Subspace(List<Direction> directions, List<Direction> axes, double[][] triangle) {
    this.directions = directions;
    this.axes = axes;
    this.triangle = triangle;
  }

  /** The span of at least one direction, no two of them nearly dependent. */
  public static Subspace of(List<Direction> directions) {
    Check.that(!directions.isEmpty(), "subspace", "at least one direction", "none", "name one");
    List<Direction> axes = new ArrayList<>();
    double[][] triangle = new double[directions.size()][];
    for (int k = 0; k < triangle.length; k++) {
      axes.add(axis(directions, k, axes));
      triangle[k] = new double[k + 1];
      for (int j = 0; j <= k; j++) {
        triangle[k][j] = axes.get(j).cosine(directions.get(k));
      }
    }
    return new Subspace(List.copyOf(directions), Collections.unmodifiableList(axes), triangle);
  }

  private static Direction axis(List<Direction> directions, int k, List<Direction> axes) {
    double[] rest = directions.get(k).exact();
    Check.size(directions.get(0).size(), rest.length, "direction " + k + " of a subspace");
    if (axes.isEmpty()) {
      return directions.get(k);
    }
    remove(axes, rest);
    double left = norm(rest);
    Check.that(
        left >= LEAST_RESIDUAL,
        "direction " + k + " of a subspace",
        "one that lies at least " + LEAST_RESIDUAL + " outside the span of those before it",
        left,
        "leave it out: it adds nothing but rounding");
    scale(rest, left);
    remove(axes, rest);
    scale(rest, norm(rest));
    return Direction.ofExact(rest);
  }

  private static void remove(List<Direction> axes, double[] from) {
    for (Direction axis : axes) {
      System.arraycopy(axis.addTo(from, -axis.dot(from)), 0, from, 0, from.length);
    }
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static void scale(double[] vector, double by) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= by;
    }
  }

  /** Those it was made of. */
  public List<Direction> directions() {
    return directions;
  }

  /** K orthonormal axes. */
  public List<Direction> axes() {
    return axes;
  }

  /** K. */
  public int rank() {
    return axes.size();
  }

  /** D. */
  public int size() {
    return axes.get(0).size();
  }

  /**
   * The projections on the axes of the one state of the subspace that has these projections on the
   * directions: R⁻¹ by forward substitution.
   *
   * @param projections on each direction, {@code [K]}, read only
   */
  public double[] onAxes(double[] projections) {
    Check.size(rank(), projections.length, "projections on a subspace");
    double[] axis = new double[projections.length];
    for (int k = 0; k < axis.length; k++) {
      double sum = projections[k];
      for (int j = 0; j < k; j++) {
        sum -= triangle[k][j] * axis[j];
      }
      axis[k] = sum / triangle[k][k];
    }
    return axis;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Subspace subspace && directions.equals(subspace.directions);
  }

  @Override
  public int hashCode() {
    return directions.hashCode();
  }

  @Override
  public String toString() {
    return "Subspace[K=" + rank() + ", D=" + size() + "]";
  }
}
