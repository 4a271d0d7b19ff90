package dev.plumbline.learn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** This process's largest resident size, from Linux's proc(5). */
final class ResidentSize {
  private ResidentSize() {}

  /** Begins to watch anew; what is garbage is given back first. */
  static void reset() {
    System.gc();
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "resident size: wanted /proc/self/clear_refs, which only Linux has; run it there", e);
    }
  }

  /** The largest since then, in MiB. */
  static double peakMib() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
