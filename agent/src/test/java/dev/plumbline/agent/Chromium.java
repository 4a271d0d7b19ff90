package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Chromium, driven by a script of {@code src/test/resources/console}. Needs Debian's {@code
 * chromium} (or what {@code plumbline.chromium} names), node and npm.
 */
final class Chromium {
  private static final Path DIR = Path.of("target", "console-browser");
  private static final String[] PACKAGES = {"playwright-core@1.65.1", "axe-core@4.14.1"};
  private static final int SECONDS = 180;

  private Chromium() {}

  /** Skips the test, with the reason, where there is none; fails where it is required. */
  static void require() throws Exception {
    boolean needed = Boolean.getBoolean("plumbline.require");
    boolean packages = Files.isDirectory(DIR.resolve("node_modules/axe-core"));
    if (needed && !packages) {
      install();
      packages = true;
    }
    boolean present = Files.isExecutable(executable());
    if (needed && !present) {
      fail("wanted a Chromium at " + executable() + ", found none: apt-get install chromium");
    }
    assumeTrue(
        present && packages,
        "needs chromium, node and npm; run with -Dplumbline.require=true to install "
            + String.join(", ", PACKAGES));
    Files.copy(
        Path.of("src", "test", "resources", "console", "check.mjs"),
        DIR.resolve("check.mjs"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path executable() {
    return Path.of(System.getProperty("plumbline.chromium", "/usr/bin/chromium"));
  }

  private static void install() throws Exception {
    Files.createDirectories(DIR);
    Files.writeString(DIR.resolve("package.json"), "{\"private\":true,\"type\":\"module\"}");
    List<String> command = new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund"));
    command.addAll(List.of(PACKAGES));
    Path output = DIR.resolve("npm.txt");
    assertThat(run(command, output)).as(() -> text(output)).isZero();
  }

  /** Plays a scenario to its end; what it says is what held. */
  static String plays(String scenario, int admin, Object... more) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("node", "check.mjs", scenario, "http://127.0.0.1:" + admin));
    Stream.of(more).map(String::valueOf).forEach(command::add);
    Path output = DIR.resolve(scenario + ".txt");
    int status = run(command, output);
    assertThat(status).as(() -> text(output)).isZero();
    return text(output);
  }

  private static int run(List<String> command, Path output) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(DIR.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("CHROMIUM", executable().toString());
    Process process = builder.start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return -1;
    }
    return process.exitValue();
  }

  private static String text(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
