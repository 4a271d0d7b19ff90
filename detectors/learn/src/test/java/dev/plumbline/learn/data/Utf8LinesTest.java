package dev.plumbline.learn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Utf8LinesTest {
  @TempDir private Path temp;

  private Path file(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return Files.write(temp.resolve("lines.jsonl"), all.toByteArray());
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> read(Path file, int longest) {
    List<String> all = new ArrayList<>();
    try (Utf8Lines lines = new Utf8Lines(file, longest)) {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        all.add(lines.number() + " " + line.get());
      }
    }
    return all;
  }

  @Test
  void next_anyLineEnds_givesLinesWithTheirNumbers() throws IOException {
    Path file = file(text("\uFEFFone\r\n\ntwo é \uD83D\uDE00\nlast"));

    assertThat(read(file, 100)).containsExactly("1 one", "2 ", "3 two é \uD83D\uDE00", "4 last");
    assertThat(read(file(), 100)).isEmpty();
  }

  @Test
  void next_aByteThatIsNotUtf8_namesItsLineHoweverFarInTheFile() throws IOException {
    byte[] before = text("x".repeat(99) + "\n").clone();
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 5000; i++) {
      many.write(before);
    }
    Path file = file(many.toByteArray(), "caf\u00e9\n".getBytes(Charset.forName("ISO-8859-1")));

    assertThatThrownBy(() -> read(file, 100))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("line 5001 (byte 3 of it)")
        .hasMessageContaining("byte 0xe9");
  }

  @Test
  void next_utf16_isRefusedAtItsFirstLine() throws IOException {
    Path file = file("one\ntwo\n".getBytes(StandardCharsets.UTF_16LE));

    assertThatThrownBy(() -> read(file, 100)).hasMessageContaining("line 1 (byte 1 of it)");
  }

  @Test
  void next_aLineOverTheBound_isRefusedBeforeItIsHeld() throws IOException {
    Path file = file(text("short\n" + "x".repeat(101) + "\n"));

    assertThatThrownBy(() -> read(file, 100))
        .hasMessageContaining("line 2")
        .hasMessageContaining("100 bytes or fewer");
    assertThat(read(file, 101)).hasSize(2);
  }
}
