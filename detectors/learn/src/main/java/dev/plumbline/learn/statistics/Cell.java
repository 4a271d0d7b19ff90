package dev.plumbline.learn.statistics;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Weighting;
import java.util.Comparator;

/**
 * What one set of moments was collected over.
 *
 * @param group the class, such as {@code positive}, or any other name
 * @param point where
 * @param weighting what counts once
 */
public record Cell(String group, TapPoint point, Weighting weighting) implements Comparable<Cell> {
  private static final Comparator<Cell> ORDER =
      Comparator.comparing(Cell::group).thenComparing(Cell::point).thenComparing(Cell::weighting);

  public Cell {
    Check.text(group, "class of statistics");
  }

  @Override
  public int compareTo(Cell other) {
    return ORDER.compare(this, other);
  }
}
