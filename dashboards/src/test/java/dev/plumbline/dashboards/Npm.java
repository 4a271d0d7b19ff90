package dev.plumbline.dashboards;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Packages of npm in a folder, each by its exact version and without what it depends on: they are
 * read, and nothing of them is run but what a test runs itself.
 *
 * @param folder where they lie, in {@code node_modules}
 */
record Npm(Path folder) {
  private static final int SECONDS = 180;

  /** What a program wrote, its errors left out. */
  record Result(int status, String said) {}

  /** Skips the test, with the reason, where they are not there; fetches them where required. */
  void require(String... packages) throws IOException, InterruptedException {
    Path ready = folder.resolve("ready.txt");
    String wanted = String.join(" ", packages);
    boolean present = Files.exists(ready) && Files.readString(ready).equals(wanted);
    if (!present && Boolean.getBoolean("plumbline.require")) {
      for (String each : packages) {
        fetch(each, each.substring(0, each.lastIndexOf('@')));
      }
      Files.writeString(ready, wanted);
      present = true;
    }
    assumeTrue(present, "needs node and npm; run with -Dplumbline.require=true to fetch " + wanted);
  }

  private void fetch(String versioned, String name) throws IOException, InterruptedException {
    Path into = Files.createDirectories(folder.resolve("node_modules").resolve(name));
    Result packed = run(folder, "npm", "pack", "--silent", versioned);
    String archive = packed.said().strip();
    String[] unpack = {
      "tar", "-xzf", archive, "-C", into.toAbsolutePath().toString(), "--strip-components=1"
    };
    if (packed.status() != 0 || run(folder, unpack).status() != 0) {
      throw new AssertionError(
          "wanted npm to fetch "
              + versioned
              + ", found: status "
              + packed.status()
              + " "
              + archive);
    }
  }

  /** Runs a program to its end. */
  static Result run(Path folder, String... command) throws IOException, InterruptedException {
    Path said = Files.createTempFile("plumbline-npm", ".txt");
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .directory(folder.toFile())
              .redirectOutput(said.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " did not end in three minutes");
      }
      return new Result(process.exitValue(), Files.readString(said));
    } finally {
      Files.delete(said);
    }
  }
}
