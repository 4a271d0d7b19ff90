package dev.plumbline.agent.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As many requests as go through, by wrk: one thread, a fixed number of connections. */
final class Wrk {
  private static final Pattern COUNT = Pattern.compile("(\\d+) requests in ([0-9.]+)(ms|s|m)");
  private static final Pattern ERRORS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

  private final Tool wrk;
  private final Path script;
  private final int connections;

  Wrk(Tool wrk, Path folder, String body, int connections) throws IOException {
    this.wrk = wrk;
    this.connections = connections;
    this.script = folder.resolve("post.lua");
    Files.writeString(
        script,
        """
        wrk.method = "POST"
        wrk.headers["content-type"] = "application/json"
        wrk.body = '%s'
        """
            .formatted(body));
  }

  /**
   * What one run saw.
   *
   * @param requests answered
   * @param seconds it took
   * @param cpuSeconds of the contender's process
   */
  record Load(long requests, double seconds, double cpuSeconds) {
    double perSecond() {
      return requests / seconds;
    }

    double cpuMillisPerRequest() {
      return cpuSeconds * 1000 / requests;
    }
  }

  Load run(Contender against, String path, int seconds) throws IOException {
    double before = against.cpuSeconds();
    Process process =
        new ProcessBuilder(
                wrk.path().toString(),
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "-s" + script,
                against.url(path))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    double cpu = against.cpuSeconds() - before;
    Matcher count = COUNT.matcher(said);
    if (!count.find() || ERRORS.matcher(said).find()) {
      throw new IOException(against.name() + ": wanted answers, wrk found: " + said);
    }
    return new Load(
        Long.parseLong(count.group(1)),
        seconds(Double.parseDouble(count.group(2)), count.group(3)),
        cpu);
  }

  private static double seconds(double value, String unit) {
    return switch (unit) {
      case "ms" -> value / 1000;
      case "m" -> value * 60;
      default -> value;
    };
  }
}
