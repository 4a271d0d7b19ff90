package dev.plumbline.learn.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.learn.report.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder;

  @Test
  void writeMarkdown_twiceBesideOthersText_replacesItsOwnBlockOnly() throws IOException {
    Path file = folder.resolve("RESULTS.md");
    Files.writeString(file, "# Results\n\nOthers' words.\n");

    report(0.25).writeMarkdown(file);
    Files.writeString(file, Files.readString(file) + "\nMore of theirs.\n");
    report(0.75).writeMarkdown(file);

    assertThat(file)
        .content()
        .startsWith("# Results\n\nOthers' words.\n")
        .contains("0.750 [0.500, 1.000] (n = 8)")
        .doesNotContain("0.250")
        .endsWith("More of theirs.\n");
  }

  @Test
  void json_ofAnEstimate_keepsItsNumbers() {
    var cell = report(0.75).json().at("/sections/0/rows/0/share");

    assertThat(cell.get("value").doubleValue()).isEqualTo(0.75);
    assertThat(cell.get("low").doubleValue()).isEqualTo(0.5);
    assertThat(cell.get("count").intValue()).isEqualTo(8);
  }

  @Test
  void section_rowOfAnotherWidth_isRefused() {
    List<List<Object>> rows = List.of(List.of("one"));
    List<String> columns = List.of("a", "b");

    assertThatThrownBy(() -> new Section("s", List.of(), columns, rows))
        .hasMessageContaining("wanted 2 cells");
  }

  private static Report report(double share) {
    Interval interval = new Interval(share - 0.25, share + 0.25, 0.95);
    List<List<Object>> rows = List.of(List.of("plain", Estimate.of(share, interval, 8)));
    Section section = new Section("S", List.of(), List.of("condition", "share"), rows);
    return new Report("T", List.of(), List.of(section));
  }
}
