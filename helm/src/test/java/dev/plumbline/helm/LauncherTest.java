package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in the image, with a Java that only says what it was given. */
class LauncherTest {
  @TempDir private Path home;

  /**
   * A Service that is called plumbline describes itself to every pod beside it: PLUMBLINE_PORT is
   * then no port, and the agent would not start.
   */
  @Test
  void servicesOfTheNamespace_areNoSettings() throws Exception {
    Map<String, String> given =
        environment(
            Map.ofEntries(
                Map.entry("PLUMBLINE_PORT", "tcp://10.0.0.7:80"),
                Map.entry("PLUMBLINE_SERVICE_HOST", "10.0.0.7"),
                Map.entry("PLUMBLINE_SERVICE_PORT", "80"),
                Map.entry("PLUMBLINE_SERVICE_PORT_HTTP", "80"),
                Map.entry("PLUMBLINE_PORT_80_TCP", "tcp://10.0.0.7:80"),
                Map.entry("PLUMBLINE_PORT_80_TCP_PROTO", "tcp"),
                Map.entry("PLUMBLINE_PORT_80_TCP_PORT", "80"),
                Map.entry("PLUMBLINE_PORT_80_TCP_ADDR", "10.0.0.7"),
                Map.entry("PLUMBLINE_FLEET_PORT", "tcp://None:5701"),
                Map.entry("PLUMBLINE_ADMIN_PORT", "8081"),
                Map.entry("PLUMBLINE_OTEL_SERVICE_NAME", "agent"),
                Map.entry("PLUMBLINE_MODE", "annotate")));
    given.keySet().removeIf(name -> !name.startsWith("PLUMBLINE_"));
    assertThat(given)
        .containsOnly(
            Map.entry("PLUMBLINE_ADMIN_PORT", "8081"),
            Map.entry("PLUMBLINE_OTEL_SERVICE_NAME", "agent"),
            Map.entry("PLUMBLINE_MODE", "annotate"));
  }

  private Map<String, String> environment(Map<String, String> variables) throws Exception {
    Path java = home.resolve("jre/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\nenv\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProcessBuilder builder =
        new ProcessBuilder(Path.of("image/plumbline").toAbsolutePath().toString(), "serve");
    Map<String, String> own = builder.environment();
    own.keySet().removeIf(name -> name.startsWith("PLUMBLINE_"));
    own.putAll(new HashMap<>(variables));
    own.put("PLUMBLINE_HOME", home.toString());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return lines(said);
  }

  private static Map<String, String> lines(String said) throws IOException {
    Map<String, String> found = new TreeMap<>();
    said.lines()
        .filter(line -> line.contains("="))
        .forEach(
            line ->
                found.put(
                    line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    return found;
  }
}
