package dev.plumbline.learn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatementFileTest {
  @TempDir private Path folder;

  @Test
  void read_quotedRows_keepsTextLabelAndLine() throws IOException {
    List<Statement> read =
        read("statement,label\n\"Paris, \"\"light\"\"\nin France\",1\n\nplain,0\n");
    assertThat(read)
        .containsExactly(
            new Statement("Paris, \"light\"\nin France", true, Optional.empty(), 2),
            new Statement("plain", false, Optional.empty(), 5));
  }

  @Test
  void read_groupColumnInAnyOrder_isTheGrouping() throws IOException {
    List<Statement> read = read("\uFEFFlabel,group,statement\r\n1,q7,yes\r\n0,q7,no\r\n");
    assertThat(read).extracting(Statement::grouping).containsExactly("q7", "q7");
    assertThat(read("statement,label\na,1\nb,0\n").get(0).grouping()).isEqualTo("a");
  }

  @Test
  void read_raggedRow_namesFileAndLine() {
    assertRefused("statement,label\ngood,1\nno comma\n", "line 3, the row: wanted 2 values");
    assertRefused("statement,label\nmany, commas,1\n", "line 2, the row");
  }

  @Test
  void read_badHeaderOrLabel_namesFileAndLine() {
    assertRefused("text,label\na,1\n", "line 1, the header");
    assertRefused("statement,label,extra\na,1,2\n", "line 1, the header");
    assertRefused("statement,label\na,true\n", "line 2, label: wanted 0 or 1, found 'true'");
    assertRefused("statement,label\n ,1\n", "line 2, statement");
    assertRefused("", "wanted a header");
  }

  @Test
  void read_oneClassOnly_isRefused() {
    assertRefused("statement,label\na,1\nb,1\n", "found 2 with 1 and 0 with 0");
    assertRefused("statement,label\n", "found 0 with 1 and 0 with 0");
  }

  @Test
  void read_brokenQuotes_isRefused() {
    assertRefused("statement,label\n\"never closed,1\n", "sound CSV");
  }

  @Test
  void read_otherEncodings_namesTheLine() {
    assertRefused(
        "statement,label\na,1\ncafé,0\n", StandardCharsets.ISO_8859_1, "line 3 (byte 23)");
    assertRefused("statement,label\na,1\n", StandardCharsets.UTF_16, "line 1 (byte 0)");
    assertRefused("statement,label\na,1\n", StandardCharsets.UTF_16LE, "line 1 (byte 1)");
  }

  @Test
  void read_missingFile_isOneClearError() {
    assertThatThrownBy(() -> StatementFile.read(folder.resolve("none.csv")))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("none.csv");
  }

  private void assertRefused(String text, String message) {
    assertRefused(text, StandardCharsets.UTF_8, message);
  }

  private void assertRefused(String text, Charset charset, String message) {
    assertThatThrownBy(() -> read(text, charset))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("data.csv")
        .hasMessageContaining(message);
  }

  private List<Statement> read(String text) throws IOException {
    return read(text, StandardCharsets.UTF_8);
  }

  private List<Statement> read(String text, Charset charset) throws IOException {
    Path file = folder.resolve("data.csv");
    Files.write(file, text.getBytes(charset));
    return StatementFile.read(file);
  }
}
