package dev.plumbline.learn.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Each kind of plot as a chart. */
final class Charts {
  private static final int BINS = 30;

  private Charts() {}

  static JFreeChart of(Plot plot) {
    if (plot instanceof Plot.Lines lines) {
      return chart(
          lines.title(), lines.xLabel(), lines.yLabel(), data(lines.series(), 0), bands(lines));
    }
    if (plot instanceof Plot.Points points) {
      return chart(
          points.title(), points.xLabel(), points.yLabel(), data(points.series(), 0), whiskers());
    }
    if (plot instanceof Plot.Bars bars) {
      return bars(bars);
    }
    if (plot instanceof Plot.Histogram histogram) {
      return histogram(histogram);
    }
    return HeatMapChart.of((Plot.HeatMap) plot);
  }

  private static JFreeChart chart(
      String title, String x, String y, YIntervalSeriesCollection data, XYItemRenderer renderer) {
    return Painter.styled(new JFreeChart(title, new XYPlot(data, number(x), number(y), renderer)));
  }

  static NumberAxis number(String label) {
    NumberAxis axis = new NumberAxis(label);
    axis.setAutoRangeIncludesZero(false);
    return axis;
  }

  /** Values with their intervals, moved aside a little where categories are shared. */
  private static YIntervalSeriesCollection data(List<Series> all, double aside) {
    YIntervalSeriesCollection data = new YIntervalSeriesCollection();
    for (int s = 0; s < all.size(); s++) {
      Series series = all.get(s);
      YIntervalSeries points = new YIntervalSeries(series.name());
      double shift = (s - (all.size() - 1) / 2.0) * aside;
      for (int i = 0; i < series.x().length; i++) {
        double y = series.y()[i];
        double low = series.hasIntervals() ? series.low()[i] : y;
        double high = series.hasIntervals() ? series.high()[i] : y;
        if (Double.isFinite(y) && Double.isFinite(series.x()[i])) {
          points.add(series.x()[i] + shift, y, finite(low, y), finite(high, y));
        }
      }
      data.addSeries(points);
    }
    return data;
  }

  private static double finite(double value, double otherwise) {
    return Double.isFinite(value) ? value : otherwise;
  }

  private static XYItemRenderer bands(Plot.Lines lines) {
    DeviationRenderer renderer = new DeviationRenderer(true, true);
    renderer.setAlpha(0.18f);
    for (int s = 0; s < lines.series().size(); s++) {
      renderer.setSeriesFillPaint(s, Painter.COLOURS[s % Painter.COLOURS.length]);
      boolean few = lines.series().get(s).x().length <= 40;
      renderer.setSeriesShapesVisible(s, few);
    }
    return renderer;
  }

  private static XYErrorRenderer whiskers() {
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDrawXError(false);
    renderer.setCapLength(5);
    return renderer;
  }

  private static JFreeChart bars(Plot.Bars bars) {
    SymbolAxis x = new SymbolAxis(bars.xLabel(), bars.categories().toArray(String[]::new));
    x.setRange(-0.6, bars.categories().size() - 0.4);
    x.setGridBandsVisible(false);
    x.setVerticalTickLabels(bars.categories().size() > 8);
    ValueAxis y = number(bars.yLabel());
    double aside = 0.5 / bars.series().size();
    XYPlot plot = new XYPlot(data(bars.series(), aside), x, y, whiskers());
    return Painter.styled(new JFreeChart(bars.title(), plot));
  }

  /** Shares per bin as outlines: several samples can be seen through each other. */
  private static JFreeChart histogram(Plot.Histogram histogram) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] values : histogram.samples().values()) {
      for (double value : values) {
        low = Double.isFinite(value) ? Math.min(low, value) : low;
        high = Double.isFinite(value) ? Math.max(high, value) : high;
      }
    }
    double width = high > low ? (high - low) / BINS : 1;
    List<Series> outlines = new ArrayList<>();
    for (Map.Entry<String, double[]> sample : histogram.samples().entrySet()) {
      String name = sample.getKey() + " (n = " + sample.getValue().length + ")";
      outlines.add(outline(name, sample.getValue(), low, width));
    }
    DeviationRenderer renderer = new DeviationRenderer(true, false);
    renderer.setAlpha(0.15f);
    for (int s = 0; s < outlines.size(); s++) {
      renderer.setSeriesFillPaint(s, Painter.COLOURS[s % Painter.COLOURS.length]);
    }
    YIntervalSeriesCollection data = data(outlines, 0);
    return chart(histogram.title(), histogram.xLabel(), "share of the sample", data, renderer);
  }

  private static Series outline(String name, double[] values, double low, double width) {
    double[] counts = new double[BINS];
    for (double value : values) {
      if (Double.isFinite(value)) {
        counts[(int) Math.min(BINS - 1, Math.max(0, (value - low) / width))]++;
      }
    }
    double[] x = new double[2 * BINS];
    double[] y = new double[2 * BINS];
    for (int b = 0; b < BINS; b++) {
      x[2 * b] = low + b * width;
      x[2 * b + 1] = low + (b + 1) * width;
      y[2 * b] = counts[b] / Math.max(1, values.length);
      y[2 * b + 1] = y[2 * b];
    }
    return new Series(name, x, y, new double[2 * BINS], y);
  }
}
