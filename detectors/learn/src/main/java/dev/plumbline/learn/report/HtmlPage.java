package dev.plumbline.learn.report;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.interpret.RenderResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as one HTML file: style and pictures inside, no script, every text escaped. */
final class HtmlPage {
  private static final Jinjava JINJAVA =
      new Jinjava(
          JinjavaConfig.newBuilder()
              .withTrimBlocks(true)
              .withLstripBlocks(true)
              .withFailOnUnknownTokens(true)
              .withNestedInterpretationEnabled(false)
              .withMaxOutputSize(256L << 20)
              .build());

  private HtmlPage() {}

  /**
   * The page.
   *
   * @param drawn PNG by the plot's file name; a plot that is not there is named only
   * @param undrawn why plots are missing, or empty
   */
  static String of(Report report, Map<String, byte[]> drawn, String undrawn) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("title", report.title());
    values.put("verdict", report.verdict());
    values.put("caveats", report.caveats());
    values.put("undrawn", undrawn);
    List<List<String>> provenance = new ArrayList<>();
    report.provenance().forEach((key, value) -> provenance.add(List.of(key, value)));
    values.put("provenance", provenance);
    values.put("sections", report.sections().stream().map(s -> section(s, drawn)).toList());
    RenderResult result = JINJAVA.renderForResult(template(), values);
    if (result.hasErrors()) {
      throw new IllegalStateException("the report's page: " + result.getErrors());
    }
    return result.getOutput();
  }

  private static Map<String, Object> section(Section section, Map<String, byte[]> drawn) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("title", section.title());
    values.put("notes", section.notes());
    values.put("columns", section.columns());
    List<List<String>> rows =
        section.rows().stream().map(row -> row.stream().map(Section::cell).toList()).toList();
    values.put("rows", rows);
    List<Map<String, String>> plots = new ArrayList<>();
    for (Plot plot : section.plots()) {
      byte[] png = drawn.getOrDefault(plot.file(), new byte[0]);
      plots.add(
          Map.of(
              "title", plot.title(),
              "file", plot.file(),
              "data", Base64.getEncoder().encodeToString(png)));
    }
    values.put("plots", plots);
    return values;
  }

  private static String template() {
    try (InputStream in = HtmlPage.class.getResourceAsStream("report.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the report's template is missing from this build", e);
    }
  }
}
