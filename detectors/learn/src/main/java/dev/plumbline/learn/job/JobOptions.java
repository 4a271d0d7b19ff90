package dev.plumbline.learn.job;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every job is told: where to write, whether to write, from which seed. */
public final class JobOptions {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where everything is written: report.html, report.json, plots, artefacts.")
  private Optional<Path> out = Optional.empty();

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

  @Option(
      names = "--json",
      arity = "0..1",
      paramLabel = "FILE",
      fallbackValue = "",
      description = "Print the result as JSON, or write it to FILE.")
  private Optional<String> json = Optional.empty();

  @Option(names = "--quiet", description = "No progress bars.")
  boolean quiet;

  /** The folder named; refuses to go on without one. */
  public Path out() {
    return out.orElseThrow(
        () ->
            new IllegalArgumentException(
                "--out: wanted a folder to write to, found none; name one with --out DIR"));
  }

  /** The same, with another for who named none. */
  void out(Path otherwise) {
    out = Optional.of(out.orElse(otherwise));
  }

  /** Whether the result is printed as JSON and nothing else. */
  boolean printsJson() {
    return json.isPresent() && json.get().isEmpty();
  }

  /** Where the result goes as JSON, if to a file. */
  Optional<Path> jsonFile() {
    return json.filter(name -> !name.isEmpty()).map(Path::of);
  }

  public long seed() {
    return seed;
  }

  /** Bars on standard error, or none. */
  public Progress progress() {
    return quiet ? Progress.silent() : Progress.bars();
  }
}
