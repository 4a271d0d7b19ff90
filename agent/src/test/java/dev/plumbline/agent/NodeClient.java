package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs scripts with the published JavaScript client, where there is node. */
final class NodeClient {
  static final Path DIR = Path.of("target", "openai-node");
  private static final String PACKAGE = "openai@4.104.0";

  private NodeClient() {}

  /** Skips the test where the client is not installed and need not be. */
  static void require() throws IOException, InterruptedException {
    Files.createDirectories(DIR);
    boolean present = Files.isDirectory(DIR.resolve("node_modules/openai"));
    boolean needed = Boolean.getBoolean("plumbline.require");
    if (!present && needed) {
      Files.writeString(DIR.resolve("package.json"), "{\"private\":true}");
      Ran install = run(180, "npm", "install", "--no-audit", "--no-fund", PACKAGE);
      if (install.status() != 0) {
        fail("wanted node and npm to install " + PACKAGE + ", found: " + install.output());
      }
      present = true;
    }
    assumeTrue(
        present, "needs node and npm; run with -Dplumbline.require=true to install " + PACKAGE);
  }

  /** What became of a command. */
  record Ran(int status, String output) {}

  /** Runs a command in the client's folder. */
  static Ran run(int seconds, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .directory(DIR.toFile())
              .redirectErrorStream(true)
              .redirectOutput(DIR.resolve("output.txt").toFile())
              .start();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Ran(-1, "no end after " + seconds + " s");
      }
      String output = Files.readString(DIR.resolve("output.txt"), StandardCharsets.UTF_8);
      return new Ran(process.exitValue(), output);
    } catch (IOException e) {
      return new Ran(-1, e.toString());
    }
  }
}
