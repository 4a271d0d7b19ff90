package dev.plumbline.learn.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFolderTest {
  @TempDir Path folder;

  /** The JDK draws text with the system's fonts; Debian's headless JDK brings some, others not. */
  @BeforeAll
  static void requireFonts() {
    try {
      Painter.png(new Plot.Lines("try", "t", "x", "y", List.of(Series.of("s", 1, 2))));
    } catch (LinkageError | InternalError | RuntimeException e) {
      if (Boolean.getBoolean("plumbline.require")) {
        throw e;
      }
      assumeTrue(false, "this machine has no fonts for plots (" + e + "); install fontconfig");
    }
  }

  @Test
  void write_whereNothingCanBeDrawn_saysWhyAndKeepsTheData() throws IOException {
    ReportFolder.write(
        folder,
        report("plain"),
        plot -> {
          throw new InternalError("no fonts here");
        });

    JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertThat(json.get("plots_drawn").asInt()).isZero();
    assertThat(json.get("plots_not_drawn").asText()).contains("no fonts here", "fontconfig");
    assertThat(json.at("/sections/0/plots/0/series/0/y/1").asDouble()).isEqualTo(4);
    assertThat(folder.resolve("report.html")).content().contains("no fonts here", "not drawn");
  }

  @Test
  void write_everyKindOfPlot_drawsItAndKeepsItsData() throws IOException {
    ReportFolder.write(folder, report("plain"));

    JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertThat(json.get("plots_drawn").asInt()).isEqualTo(5);
    assertThat(json.at("/sections/0/plots/0/series/0/y/1").asDouble()).isEqualTo(4);
    assertThat(json.at("/sections/0/plots/3/values/1/0").isNull()).isTrue();
    for (String name : List.of("curve", "dots", "bars", "map", "spread")) {
      BufferedImage image = ImageIO.read(folder.resolve("plots/" + name + ".png").toFile());
      assertThat(colours(image)).as(name).isGreaterThan(10);
    }
  }

  @Test
  void write_page_isOneFileWithoutNetworkOrScript() throws IOException {
    ReportFolder.write(folder, report("plain"));

    assertThat(folder.resolve("report.html"))
        .content()
        .contains("0.750 [0.500, 1.000] (n = 8)")
        .contains("data:image/png;base64,iVBOR")
        .doesNotContain("http://", "https://", "<script");
  }

  @Test
  void write_textsFromOutside_areEscaped() throws IOException {
    ReportFolder.write(folder, report("<script>alert('x')</script>{{ 7*7 }}"));

    assertThat(folder.resolve("report.html"))
        .content()
        .contains("&lt;script&gt;")
        .contains("{{ 7*7 }}")
        .doesNotContain("<script>alert");
  }

  @Test
  void write_twice_givesTheSameBytes() throws IOException {
    Path other = folder.resolve("other");
    ReportFolder.write(folder.resolve("one"), report("plain"));
    ReportFolder.write(other, report("plain"));

    for (String file : List.of("report.html", "report.json", "plots/map.png")) {
      assertThat(Files.mismatch(folder.resolve("one").resolve(file), other.resolve(file)))
          .as(file)
          .isEqualTo(-1);
    }
  }

  @Test
  void json_ofColumnsOfOneNameAndNoNumbers_keepsEveryCellAndIsJson() throws IOException {
    List<List<Object>> rows = List.of(List.of("a", 1.0, 2.0, Double.NaN));
    Section section = new Section("s", List.of(), List.of("", "bad", "bad", "x"), rows);

    JsonNode row = new ObjectMapper().readTree(section.json().toString()).at("/rows/0");
    assertThat(row).hasSize(4);
    assertThat(row.get("bad").asDouble()).isEqualTo(1);
    assertThat(row.get("bad (2)").asDouble()).isEqualTo(2);
    assertThat(row.get("x").isNull()).isTrue();
  }

  @Test
  void report_ofTwoPlotsOfOneName_isRefused() {
    Plot plot = new Plot.Lines("same", "t", "x", "y", List.of(Series.of("s", 1, 2)));
    Section section = new Section("s", List.of(), List.of(), List.of(), List.of(plot, plot));

    assertThatThrownBy(() -> new Report("t", "v", List.of(), Map.of(), List.of(section)))
        .hasMessageContaining("same");
  }

  private static long colours(BufferedImage image) {
    return java.util.stream.IntStream.range(0, image.getWidth() * image.getHeight())
        .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
        .distinct()
        .count();
  }

  private static Report report(String text) {
    double[] x = {1, 2, 3};
    Series band =
        new Series("a", x, new double[] {1, 4, 2}, new double[] {0, 3, 1}, new double[] {2, 6, 3});
    Random random = new Random(1);
    Map<String, double[]> samples = new LinkedHashMap<>();
    samples.put("aligned", random.doubles(200).toArray());
    samples.put("misaligned", random.doubles(100).map(v -> v + 0.5).toArray());
    List<Plot> plots =
        List.of(
            new Plot.Lines("curve", "Loss " + text, "step", "nats", List.of(band)),
            new Plot.Points("dots", "Plane", "x", "y", List.of(band)),
            new Plot.Bars("bars", "Bars", "model", "%", List.of("p", "q", "r"), List.of(band)),
            new Plot.HeatMap(
                "map",
                "Map",
                "checkpoint",
                "layer",
                List.of("0", "100"),
                List.of("0", "1"),
                new double[][] {{0.5, 0.75}, {Double.NaN, 1}}),
            new Plot.Histogram("spread", "Scores", "score", samples));
    Estimate estimate = Estimate.of(0.75, new Interval(0.5, 1, 0.95), 8);
    Section section =
        new Section(
            "Section",
            List.of(text),
            List.of("name", "share"),
            List.of(List.of(text, estimate)),
            plots);
    return new Report("Title", text, List.of(text), Map.of("model", text), List.of(section));
  }
}
