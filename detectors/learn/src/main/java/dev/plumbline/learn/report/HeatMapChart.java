package dev.plumbline.learn.report;

import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.LookupPaintScale;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.DefaultXYZDataset;

/** Cells coloured from white to blue, with their values written in where there is room. */
final class HeatMapChart {
  private static final int SHADES = 64;
  private static final int MOST_WRITTEN = 400;
  private static final Color DARK = new Color(0x08306B);

  private HeatMapChart() {}

  static JFreeChart of(Plot.HeatMap map) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] row : map.values()) {
      for (double value : row) {
        low = Double.isFinite(value) ? Math.min(low, value) : low;
        high = Double.isFinite(value) ? Math.max(high, value) : high;
      }
    }
    if (!(high > low)) {
      low = Double.isFinite(low) ? low - 0.5 : 0;
      high = low + 1;
    }
    LookupPaintScale scale = scale(low, high);
    XYBlockRenderer renderer = new XYBlockRenderer();
    renderer.setPaintScale(scale);
    XYPlot plot = new XYPlot(data(map, low - 1), columns(map), rows(map), renderer);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinesVisible(false);
    JFreeChart chart = new JFreeChart(map.title(), null, plot, false);
    PaintScaleLegend legend = new PaintScaleLegend(scale, new NumberAxis());
    legend.setPosition(RectangleEdge.RIGHT);
    legend.setMargin(10, 8, 30, 4);
    chart.addSubtitle(legend);
    Painter.styled(chart);
    write(map, plot, low, high);
    return chart;
  }

  private static SymbolAxis columns(Plot.HeatMap map) {
    SymbolAxis axis = new SymbolAxis(map.xLabel(), map.columns().toArray(String[]::new));
    axis.setRange(-0.5, map.columns().size() - 0.5);
    axis.setGridBandsVisible(false);
    axis.setVerticalTickLabels(map.columns().size() > 8);
    return axis;
  }

  private static SymbolAxis rows(Plot.HeatMap map) {
    SymbolAxis axis = new SymbolAxis(map.yLabel(), map.rows().toArray(String[]::new));
    axis.setRange(-0.5, map.rows().size() - 0.5);
    axis.setInverted(true);
    axis.setGridBandsVisible(false);
    return axis;
  }

  /** Cells without a value get one below the scale, which is painted grey. */
  private static DefaultXYZDataset data(Plot.HeatMap map, double none) {
    int cells = map.columns().size() * map.rows().size();
    double[][] points = new double[3][cells];
    for (int i = 0; i < cells; i++) {
      int row = i / map.columns().size();
      int column = i % map.columns().size();
      points[0][i] = column;
      points[1][i] = row;
      double value = map.values()[row][column];
      points[2][i] = Double.isFinite(value) ? value : none;
    }
    DefaultXYZDataset data = new DefaultXYZDataset();
    data.addSeries(map.name(), points);
    return data;
  }

  private static LookupPaintScale scale(double low, double high) {
    LookupPaintScale scale = new LookupPaintScale(low, high, new Color(0xDDDDDD));
    for (int i = 0; i < SHADES; i++) {
      scale.add(low + (high - low) * i / SHADES, shade(i / (SHADES - 1.0)));
    }
    return scale;
  }

  private static Color shade(double part) {
    return new Color(
        (int) (255 + part * (DARK.getRed() - 255)),
        (int) (255 + part * (DARK.getGreen() - 255)),
        (int) (255 + part * (DARK.getBlue() - 255)));
  }

  private static void write(Plot.HeatMap map, XYPlot plot, double low, double high) {
    if (map.columns().size() * map.rows().size() > MOST_WRITTEN) {
      return;
    }
    for (int r = 0; r < map.rows().size(); r++) {
      for (int c = 0; c < map.columns().size(); c++) {
        double value = map.values()[r][c];
        String text = Double.isFinite(value) ? number(value, high - low) : "–";
        XYTextAnnotation written = new XYTextAnnotation(text, c, r);
        written.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        written.setPaint((value - low) / (high - low) > 0.55 ? Color.WHITE : Color.BLACK);
        plot.addAnnotation(written);
      }
    }
  }

  private static String number(double value, double range) {
    return String.format(Locale.ROOT, range > 20 ? "%.0f" : "%.2f", value);
  }
}
