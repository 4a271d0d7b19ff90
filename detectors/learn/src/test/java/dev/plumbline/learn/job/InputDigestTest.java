package dev.plumbline.learn.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputDigestTest {
  @TempDir Path folder;

  @Test
  void digest_ofLargeWeightsThatDifferBehindTheirBeginning_differs() throws IOException {
    byte[] weights = new byte[4 << 20];
    Path file = folder.resolve("model.safetensors");
    String before = InputDigest.of(Files.write(file, weights).getParent());
    byte[] behind = new byte[3 << 20];
    new Random(1).nextBytes(behind);
    System.arraycopy(behind, 0, weights, 1 << 20, behind.length);

    String after = InputDigest.of(Files.write(file, weights).getParent());

    assertThat(after).isNotEqualTo(before);
    assertThat(InputDigest.of(folder)).isEqualTo(after);
  }
}
