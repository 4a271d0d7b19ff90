package dev.plumbline.learn.report;

import dev.plumbline.core.Check;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A drawing as data: what is drawn into a PNG also goes into the report's JSON. Names are file
 * names, {@code [a-z0-9-]+}.
 */
public sealed interface Plot {
  String name();

  String title();

  /** Below the report's folder. */
  default String file() {
    return "plots/" + name() + ".png";
  }

  /** Curves; bands where the series have intervals. */
  record Lines(String name, String title, String xLabel, String yLabel, List<Series> series)
      implements Plot {
    public Lines {
      requireName(name);
      series = some(series, name);
    }
  }

  /** Points, joined by nothing: scatter, information plane, Pareto table. */
  record Points(String name, String title, String xLabel, String yLabel, List<Series> series)
      implements Plot {
    public Points {
      requireName(name);
      series = some(series, name);
    }
  }

  /**
   * One value per category and series, with whiskers; x of a series is the category's index.
   *
   * @param categories along x
   */
  record Bars(
      String name,
      String title,
      String xLabel,
      String yLabel,
      List<String> categories,
      List<Series> series)
      implements Plot {
    public Bars {
      requireName(name);
      categories = some(categories, name);
      series = some(series, name);
    }
  }

  /**
   * Coloured cells with their values.
   *
   * @param columns along x
   * @param rows along y, the first at the top
   * @param values {@code [rows][columns]}; NaN where there is none
   */
  record HeatMap(
      String name,
      String title,
      String xLabel,
      String yLabel,
      List<String> columns,
      List<String> rows,
      double[][] values)
      implements Plot {
    public HeatMap {
      requireName(name);
      columns = some(columns, name);
      rows = some(rows, name);
      Check.size(rows.size(), values.length, "rows of heat map " + name);
      values = values.clone();
      for (int i = 0; i < values.length; i++) {
        Check.size(columns.size(), values[i].length, "columns of heat map " + name);
        values[i] = values[i].clone();
      }
    }
  }

  /** How samples are spread, each as a share of its own count. */
  record Histogram(String name, String title, String xLabel, Map<String, double[]> samples)
      implements Plot {
    public Histogram {
      requireName(name);
      samples = new LinkedHashMap<>(samples);
      Check.that(!samples.isEmpty(), "histogram " + name, "1 or more samples", 0, "leave it out");
    }
  }

  private static void requireName(String name) {
    Check.that(
        name.matches("[a-z0-9-]{1,80}"), "name of a plot", "[a-z0-9-]+", name, "rename the plot");
  }

  private static <T> List<T> some(List<T> list, String name) {
    Check.that(!list.isEmpty(), "plot " + name, "1 or more series", 0, "leave it out");
    return List.copyOf(list);
  }
}
