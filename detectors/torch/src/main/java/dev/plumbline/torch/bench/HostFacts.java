package dev.plumbline.torch.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.stream.Stream;

/**
 * Where figures come from.
 *
 * @param machine processor model and count
 * @param jdk its version
 * @param commit of the sources, as the caller knows it
 * @param date ISO 8601
 * @param libtorch its version
 * @param threads one operation may use
 */
public record HostFacts(
    String machine, String jdk, String commit, String date, String libtorch, int threads) {

  /** This process. */
  public static HostFacts here(String commit, Clock clock) {
    TorchRuntime runtime = TorchRuntime.start();
    return new HostFacts(
        processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors",
        Runtime.version().toString(),
        commit,
        LocalDate.now(clock).toString(),
        runtime.version(),
        runtime.threads());
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  /** Writes all of it into a results file. */
  public void into(ObjectNode json) {
    json.put("machine", machine)
        .put("jdk", jdk)
        .put("commit", commit)
        .put("date", date)
        .put("libtorch", libtorch)
        .put("threads", threads);
  }
}
