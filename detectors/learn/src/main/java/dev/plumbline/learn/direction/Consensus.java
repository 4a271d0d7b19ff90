package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Cosines;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One direction per tap point out of several contrasts': the normalised mean of their unit
 * directions, so that no contrast counts more for having moved further. A tap point at which none
 * moved, or at which they do not agree, borrows its neighbour's, and says so.
 */
final class Consensus {
  /**
   * Contrasts whose directions' mean cosine is below this have no common direction: the mean of
   * what they do not share is noise, and ablating noise costs coherence for nothing.
   */
  private static final double LEAST_AGREEMENT = 0.3;

  private static final double ANY_AGREEMENT = -0.99;

  private final Map<TapPoint, Direction> directions = new TreeMap<>();
  private final Map<TapPoint, TapPoint> borrowed = new TreeMap<>();
  private final Map<TapPoint, double[][]> cosines = new TreeMap<>();

  Consensus(Map<String, Differences> differences, List<TapPoint> points) {
    collect(differences, points, LEAST_AGREEMENT);
    if (directions.isEmpty()) {
      // They agree nowhere: their mean is taken all the same, and the cosines beside it say so.
      collect(differences, points, ANY_AGREEMENT);
    }
    Check.that(
        !directions.isEmpty(),
        "consensus of " + differences.keySet(),
        "a difference that is not zero at some tap point",
        "none",
        "check that the finetunes are worn and that they differ from the base");
    List<TapPoint> own = List.copyOf(directions.keySet());
    points.stream().filter(point -> !own.contains(point)).forEach(point -> borrow(point, own));
  }

  private void collect(
      Map<String, Differences> differences, List<TapPoint> points, double agreement) {
    for (TapPoint point : points) {
      common(differences, point, agreement)
          .ifPresent(direction -> directions.put(point, direction));
    }
  }

  private Optional<Direction> common(
      Map<String, Differences> differences, TapPoint point, double least) {
    List<Direction> units = new ArrayList<>();
    for (Differences each : differences.values()) {
      if (each.any(point)) {
        units.add(each.direction(point));
      }
    }
    if (units.isEmpty()) {
      return Optional.empty();
    }
    if (units.size() == differences.size()) {
      cosines.put(point, Cosines.matrix(units));
    }
    double[] mean = new double[units.get(0).size()];
    units.forEach(unit -> add(mean, unit.exact(), 1.0 / units.size()));
    return agreement(norm(mean), units.size()) < least
        ? Optional.empty()
        : Optional.of(Direction.of(mean));
  }

  /** Mean pairwise cosine of n unit vectors from the length m of their mean: (n m² − 1)/(n − 1). */
  private static double agreement(double length, int n) {
    return n == 1 ? 1 : (n * length * length - 1) / (n - 1);
  }

  private static double norm(double[] vector) {
    double squares = 0;
    for (double each : vector) {
      squares += each * each;
    }
    return Math.sqrt(squares);
  }

  private static void add(double[] into, double[] vector, double scale) {
    for (int i = 0; i < into.length; i++) {
      into[i] += scale * vector[i];
    }
  }

  /** The nearest later point's, for the state there still holds this one; else the last earlier. */
  private void borrow(TapPoint point, List<TapPoint> own) {
    TapPoint from =
        own.stream()
            .filter(other -> other.compareTo(point) > 0)
            .findFirst()
            .orElse(own.get(own.size() - 1));
    borrowed.put(point, from);
    directions.put(point, directions.get(from));
  }

  Map<TapPoint, Direction> directions() {
    return directions;
  }

  Map<TapPoint, TapPoint> borrowed() {
    return borrowed;
  }

  Map<TapPoint, double[][]> cosines() {
    return cosines;
  }
}
