package dev.plumbline.dashboards;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that Debian's {@code prometheus} package brings. */
record Tool(Path program) {
  /** What it said, both streams. */
  record Result(int status, String said) {}

  /** The program on the path; without it the test is skipped, or fails where all is required. */
  static Tool find(String name) {
    Path found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (Boolean.getBoolean("plumbline.require") && found == null) {
      throw new AssertionError("wanted " + name + " on the path, found none: install prometheus");
    }
    assumeTrue(found != null, name + " is not installed (Debian: apt install prometheus)");
    return new Tool(found);
  }

  /**
   * Runs it to its end.
   *
   * @param input what it reads
   */
  Result run(byte[] input, String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(program.toString());
    builder.command().addAll(List.of(arguments));
    Path said = Files.createTempFile("plumbline-tool", ".txt");
    try {
      Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      try (var in = process.getOutputStream()) {
        in.write(input);
      }
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(program + " did not end in two minutes");
      }
      return new Result(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    } finally {
      Files.delete(said);
    }
  }
}
