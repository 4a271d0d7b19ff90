package dev.plumbline.learn.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.plot.DefaultDrawingSupplier;
import org.jfree.chart.plot.XYPlot;

/** Draws plots with JFreeChart, without a screen. Needs the JDK's fonts (fontconfig on Linux). */
final class Painter {
  /** Okabe and Ito (2008): told apart by people who see colours differently. */
  static final Color[] COLOURS = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x5A5A5A),
    new Color(0xB8A800)
  };

  private static final BasicStroke LINE = new BasicStroke(1.8f);
  private static final Shape DOT = new Ellipse2D.Double(-2.8, -2.8, 5.6, 5.6);
  private static final int WIDTH = 820;
  private static final int HEIGHT = 460;

  /** Pixels a point, for sharp print on dense screens. */
  private static final int SCALE = 2;

  static {
    System.setProperty("java.awt.headless", "true");
  }

  private Painter() {}

  /** A PNG, {@code 2·820 × 2·height} pixels. */
  static byte[] png(Plot plot) {
    JFreeChart chart = Charts.of(plot);
    int height = height(plot);
    BufferedImage image =
        new BufferedImage(SCALE * WIDTH, SCALE * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.scale(SCALE, SCALE);
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
    graphics.dispose();
    try {
      return ChartUtils.encodeAsPNG(image);
    } catch (IOException e) {
      throw new UncheckedIOException("could not encode plot " + plot.name(), e);
    }
  }

  private static int height(Plot plot) {
    return plot instanceof Plot.HeatMap map
        ? Math.min(1200, Math.max(260, 130 + 26 * map.rows().size()))
        : HEIGHT;
  }

  /** Fonts and colours; overwrites those of annotations, which therefore come later. */
  static JFreeChart styled(JFreeChart chart) {
    StandardChartTheme theme = (StandardChartTheme) StandardChartTheme.createJFreeTheme();
    theme.setExtraLargeFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    theme.setLargeFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    theme.setRegularFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    theme.setSmallFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
    theme.setPlotBackgroundPaint(Color.WHITE);
    theme.setDomainGridlinePaint(new Color(0xE0E0E0));
    theme.setRangeGridlinePaint(new Color(0xE0E0E0));
    theme.setShadowVisible(false);
    theme.setDrawingSupplier(
        new DefaultDrawingSupplier(
            COLOURS,
            COLOURS,
            DefaultDrawingSupplier.DEFAULT_OUTLINE_PAINT_SEQUENCE,
            new Stroke[] {LINE},
            DefaultDrawingSupplier.DEFAULT_OUTLINE_STROKE_SEQUENCE,
            new Shape[] {DOT}));
    theme.apply(chart);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setAntiAlias(true);
    if (chart.getPlot() instanceof XYPlot xy) {
      xy.setOutlineVisible(false);
    }
    return chart;
  }
}
