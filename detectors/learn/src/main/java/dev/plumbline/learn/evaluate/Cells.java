package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.report.Series;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Figures as cells and series of a report. */
final class Cells {
  private static final String NONE = "not measured";

  private Cells() {}

  /** An estimate, or words: never an empty cell. */
  static Object of(Optional<Estimate> estimate) {
    return estimate.<Object>map(value -> value).orElse(NONE);
  }

  static double value(Optional<Estimate> estimate) {
    return estimate.map(Estimate::value).orElse(Double.NaN);
  }

  static Series series(String name, double[] x, List<Optional<Estimate>> y) {
    return new Series(
        name,
        x,
        y.stream().mapToDouble(Cells::value).toArray(),
        y.stream().mapToDouble(e -> e.map(Estimate::low).orElse(Double.NaN)).toArray(),
        y.stream().mapToDouble(e -> e.map(Estimate::high).orElse(Double.NaN)).toArray());
  }

  /** Values at 0, 1, 2, … as bars want them. */
  static Series bars(String name, List<Optional<Estimate>> y) {
    double[] x = new double[y.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    return series(name, x, y);
  }

  /** A name as part of a plot's file name. */
  static String slug(String name) {
    String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return slug.substring(0, Math.min(40, slug.length()));
  }

  /** The same for a stage: its hash behind it, so that two names never share one result. */
  static String key(String name) {
    return slug(name) + String.format(Locale.ROOT, "-%08x", name.hashCode());
  }
}
