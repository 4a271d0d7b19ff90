package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end while libtorch works: a JVM of its own, which may crash. */
class ExitTest {
  private static final int TERMINATED = 128 + 15;

  @TempDir private Path model;
  @TempDir private Path crashes;

  @Test
  void sigterm_whileAPassRuns_endsTheProcessWithoutACrash() throws Exception {
    RandomCheckpoint.write(model, 24, 128, 512, 100);
    Process process = start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).as("after the first pass").startsWith("read");
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(TERMINATED);
    assertThat(crashes).isEmptyDirectory();
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:ErrorFile=" + crashes.resolve("hs_err.log"),
            "-cp",
            System.getProperty("java.class.path"),
            PassesWithoutEnd.class.getName(),
            model.toString());
    builder.environment().put("OMP_NUM_THREADS", "1");
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
