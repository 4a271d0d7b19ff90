package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.statistics.Weighting;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Directions for editing, and how alike those were that they are the consensus of.
 *
 * @param estimator of the contrasts
 * @param weighting of their means
 * @param contrasts names, in the order of the matrices
 * @param directions one per tap point asked for, in forward order
 * @param borrowed tap points at which nothing moved, and whose direction they took
 * @param cosines between the contrasts' directions, symmetric, per tap point at which all moved;
 *     read only
 * @param sizes length of each contrast's difference in units of the states' scatter, by name
 * @param lengths of each contrast's difference of means in residual units, by name
 */
public record LearnedDirections(
    String estimator,
    Weighting weighting,
    List<String> contrasts,
    List<TapDirection> directions,
    Map<TapPoint, TapPoint> borrowed,
    Map<TapPoint, double[][]> cosines,
    Map<String, Map<TapPoint, Double>> sizes,
    Map<String, Map<TapPoint, Double>> lengths) {
  public LearnedDirections {
    contrasts = List.copyOf(contrasts);
    directions = List.copyOf(directions);
    borrowed = Collections.unmodifiableMap(new TreeMap<>(borrowed));
    cosines = Collections.unmodifiableMap(new TreeMap<>(cosines));
    sizes = Collections.unmodifiableMap(new TreeMap<>(sizes));
    lengths = Collections.unmodifiableMap(new TreeMap<>(lengths));
  }

  /** The same measurements with one direction at every point instead, and why. */
  public LearnedDirections shared(List<TapDirection> everywhere, String why) {
    return new LearnedDirections(
        estimator + ", " + why,
        weighting,
        contrasts,
        everywhere,
        Map.of(),
        cosines,
        sizes,
        lengths);
  }

  /** The direction at one tap point. */
  public TapDirection at(TapPoint point) {
    return directions.stream()
        .filter(each -> each.tapPoint().equals(point))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no direction was learned at " + point));
  }

  /** The mean length of the contrasts' differences at a tap point, in residual units. */
  public double length(TapPoint point) {
    return lengths.values().stream().mapToDouble(own -> own.get(point)).average().orElseThrow();
  }

  /** What stands in the provenance: estimator, consensus, weighting and what was borrowed. */
  public String describe() {
    String of = contrasts.size() == 1 ? "" : "consensus of " + contrasts.size() + " x ";
    String loans =
        borrowed.entrySet().stream()
            .map(loan -> "; " + loan.getKey() + " borrowed from " + loan.getValue())
            .collect(Collectors.joining());
    return of + estimator + " over " + weighting.wireName() + loans;
  }

  /** The smallest cosine between two contrasts at a tap point. */
  public Map<TapPoint, Double> leastCosines() {
    Map<TapPoint, Double> least = new TreeMap<>();
    cosines.forEach(
        (point, matrix) -> {
          double smallest = 1;
          for (double[] row : matrix) {
            for (double cosine : row) {
              smallest = Math.min(smallest, cosine);
            }
          }
          least.put(point, smallest);
        });
    return least;
  }
}
