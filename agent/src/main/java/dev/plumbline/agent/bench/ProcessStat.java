package dev.plumbline.agent.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time and resident size of a process, from {@code /proc} (Linux; proc_pid_stat(5),
 * fields 14 and 15 in ticks of 10 ms, and {@code VmRSS} of {@code status} in KiB).
 */
record ProcessStat(long pid) {
  private static final double TICKS_PER_SECOND = 100;
  private static final double KIB_PER_MIB = 1024;

  double cpuSeconds() {
    String stat = read("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  double residentMib() {
    return read("status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Descriptors it may have open at most: the hard limit, which the JVM raises its own to. */
  int openFilesLimit() {
    return read("limits")
        .lines()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.trim().split("\\s{2,}")[2])
        .mapToInt(limit -> limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit))
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/" + file));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " ended under the bench", e);
    }
  }
}
