package dev.plumbline.learn.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A report on disk: {@code report.html} (one file, no network), {@code report.json} and {@code
 * plots/NAME.png}. Each file is replaced whole.
 */
public final class ReportFolder {
  public static final String HTML = "report.html";
  public static final String JSON = "report.json";

  private ReportFolder() {}

  /**
   * Writes a report. Where plots cannot be drawn (a Java without fonts), the page and the JSON say
   * so and why; the plots' data is in the JSON all the same.
   */
  public static void write(Path folder, Report report) {
    write(folder, report, Painter::png);
  }

  static void write(Path folder, Report report, Function<Plot, byte[]> painter) {
    Map<String, byte[]> drawn = new LinkedHashMap<>();
    String undrawn = draw(report, drawn, painter);
    drawn.forEach((file, png) -> put(folder.resolve(file), png));
    put(folder.resolve(JSON), json(report, drawn.size(), undrawn));
    put(folder.resolve(HTML), HtmlPage.of(report, drawn, undrawn).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] json(Report report, int drawn, String undrawn) {
    var node = report.json().put("plots_drawn", drawn);
    if (!undrawn.isEmpty()) {
      node.put("plots_not_drawn", undrawn);
    }
    return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Draws all plots; returns why it could not, or nothing. */
  private static String draw(
      Report report, Map<String, byte[]> drawn, Function<Plot, byte[]> painter) {
    for (Section section : report.sections()) {
      for (Plot plot : section.plots()) {
        try {
          drawn.put(plot.file(), painter.apply(plot));
        } catch (LinkageError | InternalError | RuntimeException e) {
          return "plots could not be drawn from "
              + plot.name()
              + " on ("
              + e
              + "); install fontconfig and a font";
        }
      }
    }
    return "";
  }

  static void put(Path file, byte[] bytes) {
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(part, bytes);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file + ": " + e.getMessage(), e);
    }
  }
}
