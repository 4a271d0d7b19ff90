package dev.plumbline.torch.checkpoint.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds, only {@link BadFileException} comes out; a file that is refused for
 * nothing would show as well.
 */
class HostileFilesTest {
  private static final int MUTATIONS = 2000;

  @TempDir Path folder;

  /** Opens and reads everything; true if the file was good. */
  private static boolean survives(Function<Path, TensorSource> open, Path file) {
    try (TensorSource source = open.apply(file)) {
      for (String name : source.names()) {
        if (source.info(name).type().isInteger()) {
          source.integers(name);
        } else {
          source.read(name);
        }
      }
      return true;
    } catch (BadFileException e) {
      assertThat(e).hasMessageContaining("wanted").hasMessageContaining("found");
      return false;
    }
  }

  private void attack(Function<Path, TensorSource> open, byte[] good, int headerBytes)
      throws IOException {
    Path file = folder.resolve("attacked");
    assertThat(survives(open, Files.write(file, good))).isTrue();
    for (int length = 0; length < Math.min(good.length, headerBytes + 8); length++) {
      assertThat(survives(open, Files.write(file, Arrays.copyOf(good, length)))).isFalse();
    }
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bad[random.nextInt(headerBytes)] = (byte) random.nextInt(256);
      }
      refused += survives(open, Files.write(file, bad)) ? 0 : 1;
    }
    assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS);
  }

  @Test
  void open_mutatedSafetensors_badFileOrSound() throws IOException {
    Path file = folder.resolve("good");
    new SafetensorsWriter()
        .metadata("a", "b")
        .tensor("v", TensorType.F32, List.of(2L, 2L), () -> new float[4])
        .tensor("w", TensorType.BF16, List.of(4L), () -> new float[4])
        .integers("ids", List.of(1L), () -> new long[1])
        .write(file);
    byte[] good = Files.readAllBytes(file);
    attack(Safetensors::open, good, good.length - 32);
  }

  @Test
  void open_mutatedGguf_badFileOrSound() throws IOException {
    byte[] good;
    try (InputStream in = getClass().getResourceAsStream("/checkpoint/tiny-llama.gguf")) {
      good = in.readAllBytes();
    }
    attack(Gguf::open, good, 1500);
  }
}
