package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ValuesTest {
  private static final Path README = Chart.SOURCE.resolve("README.md");
  private static final String BEGIN = "<!-- made from values.yaml -->\n";
  private static final String END = "<!-- end -->\n";

  @Test
  void values_haveASentenceEach() throws IOException {
    ValueTable values = table();
    assertThat(values.undescribed()).isEmpty();
    assertThat(values.rows()).hasSizeGreaterThan(80);
    for (ValueTable.Row row : values.rows()) {
      assertThat(row.sentence()).as(row.path()).hasSizeGreaterThan(8).endsWith(".");
      assertThat(row.value().isMissingNode()).as(row.path()).isFalse();
    }
  }

  @Test
  void readme_hasTheirTable() throws IOException {
    String readme = Files.readString(README);
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = readme.indexOf(END);
    assertThat(end).isGreaterThanOrEqualTo(begin);
    Generated.same(README, readme.substring(0, begin) + table().table() + readme.substring(end));
  }

  @Test
  void readme_namesEveryExample() throws IOException {
    String readme = Files.readString(README);
    for (Path example : Chart.examples()) {
      assertThat(readme).contains("ci/" + example.getFileName());
    }
  }

  private static ValueTable table() throws IOException {
    return ValueTable.read(Files.readString(Chart.SOURCE.resolve("values.yaml")));
  }
}
