package dev.plumbline.learn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Utf8LinesTest {
  @TempDir private Path folder;

  @Test
  void next_anyEnds_givesTheLinesWithoutThem() throws IOException {
    assertThat(read("\uFEFFone\r\n\ntwo \u00fc\nthree".getBytes(StandardCharsets.UTF_8)))
        .containsExactly("one", "", "two \u00fc", "three");
    assertThat(read(new byte[0])).isEmpty();
    String long1 = "x".repeat((1 << 16) - 1);
    assertThat(read((long1 + "\n" + long1 + "y\nz\n").getBytes(StandardCharsets.UTF_8)))
        .containsExactly(long1, long1 + "y", "z");
  }

  @Test
  void next_badByteBehindManyLines_namesItsOwnLine() {
    byte[] good = "fine\n".repeat(50).getBytes(StandardCharsets.UTF_8);
    byte[] bytes = java.util.Arrays.copyOf(good, good.length + 1);
    bytes[good.length] = (byte) 0xFC;

    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("line 51")
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> read("a\n".getBytes(StandardCharsets.UTF_16LE)))
        .hasMessageContaining("line 1")
        .hasMessageContaining("UTF-8");
  }

  @Test
  void next_lineThatNeverEnds_isRefusedBeforeItIsRead() {
    byte[] bytes = new byte[200_000];
    java.util.Arrays.fill(bytes, (byte) 'x');

    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("line 1")
        .hasMessageContaining("100000 bytes or fewer");
  }

  private List<String> read(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("lines"), bytes);
    List<String> all = new ArrayList<>();
    try (Utf8Lines lines = new Utf8Lines(file, 100_000)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        all.add(line);
      }
    }
    return all;
  }
}
