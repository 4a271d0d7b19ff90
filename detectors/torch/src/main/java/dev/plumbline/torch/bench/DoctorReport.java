package dev.plumbline.torch.bench;

import dev.plumbline.torch.runtime.Precision;
import java.util.List;
import java.util.Locale;

/**
 * What {@link Doctor} saw.
 *
 * @param engine its name
 * @param version of libtorch
 * @param library where libtorch was loaded from
 * @param gpus CUDA devices that libtorch sees
 * @param threads one operation may use
 * @param checks of each device and precision against float64
 * @param bandwidths of each device's memory
 * @param findings everything judged, with what to do
 */
public record DoctorReport(
    String engine,
    String version,
    String library,
    int gpus,
    int threads,
    List<Check> checks,
    List<Bandwidth> bandwidths,
    List<Finding> findings) {

  /** A device's products against float64 in Java. */
  public record Check(String device, Precision precision, double relativeError, double bound) {
    /** Whether the device computes rightly. */
    public boolean passed() {
      return relativeError <= bound;
    }
  }

  /** A copy through memory, read and written bytes a second. */
  public record Bandwidth(String device, double bytesPerSecond) {}

  /**
   * One thing judged.
   *
   * @param todo what to do about it; empty where it is good
   */
  public record Finding(boolean good, String what, String found, String todo) {}

  public DoctorReport {
    checks = List.copyOf(checks);
    bandwidths = List.copyOf(bandwidths);
    findings = List.copyOf(findings);
  }

  static DoctorReport withoutEngine(Finding why) {
    return new DoctorReport("none", "", "", 0, 0, List.of(), List.of(), List.of(why));
  }

  /** Whether nothing is wrong. */
  public boolean healthy() {
    return findings.stream().allMatch(Finding::good);
  }

  /** The report for a person, a line each. */
  public String table() {
    StringBuilder text = new StringBuilder();
    line(text, "", "engine", engine + " " + version);
    for (Bandwidth speed : bandwidths) {
      double rate = speed.bytesPerSecond() * 1e-9;
      line(text, "", "bandwidth " + speed.device(), String.format(Locale.ROOT, "%.1f GB/s", rate));
    }
    for (Finding finding : findings) {
      line(text, finding.good() ? "ok" : "BAD", finding.what(), finding.found());
      if (!finding.todo().isEmpty()) {
        line(text, "", "", "-> " + finding.todo());
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String mark, String what, String found) {
    text.append(String.format(Locale.ROOT, "%-4s %-26s %s%n", mark, what, found));
  }
}
