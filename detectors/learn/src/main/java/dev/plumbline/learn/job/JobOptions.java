package dev.plumbline.learn.job;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every job is told: where to write, whether to write, from which seed. */
public final class JobOptions {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where everything is written: report.html, report.json, plots, artefacts.")
  Path out;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Of everything random (${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--dry-run",
      description = "Check the inputs, say what would be done, and write nothing.")
  boolean dryRun;

  @Option(
      names = "--resume",
      description = "Go on with an interrupted job: finished stages below --out are kept.")
  boolean resume;

  @Option(names = "--json", description = "Print the report as JSON.")
  boolean json;

  @Option(names = "--quiet", description = "No progress bars.")
  boolean quiet;

  public Path out() {
    return out;
  }

  public long seed() {
    return seed;
  }

  /** Bars on standard error, or none. */
  public Progress progress() {
    return quiet ? Progress.silent() : Progress.bars();
  }
}
