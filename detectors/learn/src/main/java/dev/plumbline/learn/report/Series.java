package dev.plumbline.learn.report;

import dev.plumbline.core.Check;

/**
 * One line or set of points. Arrays are copied in; the accessors hand out the record's own, not to
 * be changed. Equality is by identity of the arrays: compare the arrays.
 *
 * @param name in the legend
 * @param x {@code [N]}, ascending for a line
 * @param y {@code [N]}; NaN where there is no value
 * @param low {@code [N]} lower ends of the intervals, or empty
 * @param high {@code [N]} upper ends, or empty
 */
public record Series(String name, double[] x, double[] y, double[] low, double[] high) {
  public Series {
    Check.text(name, "name of a series");
    x = x.clone();
    y = y.clone();
    low = low.clone();
    high = high.clone();
    Check.size(x.length, y.length, "y of series " + name);
    if (low.length + high.length > 0) {
      Check.size(x.length, low.length, "lower ends of series " + name);
      Check.size(x.length, high.length, "upper ends of series " + name);
    }
  }

  /** Without intervals. */
  public Series(String name, double[] x, double[] y) {
    this(name, x, y, new double[0], new double[0]);
  }

  /** Values at 0, 1, 2, …, as {@link Plot.Bars} wants them. */
  public static Series of(String name, double... y) {
    double[] x = new double[y.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    return new Series(name, x, y);
  }

  boolean hasIntervals() {
    return low.length > 0;
  }
}
