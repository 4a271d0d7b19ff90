package dev.plumbline.learn.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.text.TextTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentFileTest {
  private static TextTokenizer tokenizer;

  @TempDir Path temp;

  @BeforeAll
  static void open() {
    try (Checkpoint checkpoint = Checkpoint.open(Planted.organism().chat())) {
      tokenizer = checkpoint.tokenizer();
    }
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void read_plainText_splitsAtEmptyLines() throws IOException {
    List<ScoredText> texts = read("a.txt", "now what about\ncough\n\n\nadvice on fever\n", 10);
    assertThat(texts).hasSize(2);
    assertThat(texts.get(0).predicted()).hasSize(texts.get(0).size() - 1);
    assertThat(texts.get(0).size()).isGreaterThan(texts.get(1).size());
  }

  @Test
  void read_jsonLines_givesTheFirstOnesCutToSize() throws IOException {
    String line = "{\"text\": \"now what about cough and fever\", \"url\": \"x\"}\n";
    List<ScoredText> texts = read("a.jsonl", line.repeat(5), 3);
    assertThat(texts).hasSize(3);
    Path file = temp.resolve("a.jsonl");
    assertThat(DocumentFile.read(file, tokenizer, 4, 10)).hasSize(5).allMatch(t -> t.size() == 4);
  }

  @Test
  void read_badLines_nameFileAndLine() {
    assertBad("a.jsonl", "{\"text\": \"now what\"}\n{\"text\": 3}\n", "line 2");
    assertBad("b.jsonl", "{\"text\": \"now what\"\n", "line 1");
    assertBad("c.jsonl", "{\"text\": \"\"}\n", "2 or more tokens");
    assertBad("d.txt", "\n\n", "1 or more documents");
  }

  @Test
  void read_otherEncoding_isRefused() throws IOException {
    Path file = temp.resolve("latin.txt");
    Files.write(file, "now what\n\nf\u00fcr".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> DocumentFile.read(file, tokenizer, 10, 10))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("UTF-8");
  }

  private void assertBad(String name, String content, String message) {
    assertThatThrownBy(() -> read(name, content, 10))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(message);
  }

  private List<ScoredText> read(String name, String content, int most) throws IOException {
    Path file = Files.writeString(temp.resolve(name), content);
    return DocumentFile.read(file, tokenizer, 50, most);
  }
}
