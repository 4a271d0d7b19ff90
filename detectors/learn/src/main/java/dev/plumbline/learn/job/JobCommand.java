package dev.plumbline.learn.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.report.ReportFolder;
import dev.plumbline.torch.cli.Exit;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that does one job: checks its inputs, works in stages that survive an interruption, and
 * leaves a report to look at. Subclasses say what is to be done and do it; this one keeps the
 * folder, the dry run, the printing and the exit status the same for all.
 */
public abstract class JobCommand implements Callable<Integer> {
  @Spec protected CommandSpec spec;

  @Mixin protected JobOptions job;

  /** Told of every stage, file and folder when it is finished; what it throws ends the job. */
  Consumer<String> finished = name -> {};

  /** What stands between the work and its bars. */
  UnaryOperator<Progress> watched = progress -> progress;

  /**
   * Checks the inputs and says what will be done; reads, writes nothing.
   *
   * @throws IllegalArgumentException or a BadFileException if an input will not do
   */
  protected abstract List<Step> steps();

  /** Does it, in {@link JobFolder#stage stages}. */
  protected abstract Outcome run(JobFolder folder, Progress progress);

  /** The folder of a job for which none was named, empty to insist on one. */
  protected Optional<Path> defaultOut() {
    return Optional.empty();
  }

  /** What {@code --json} gives: the report, unless a command promises another form. */
  protected JsonNode json(Outcome outcome) {
    return outcome.report().json();
  }

  @Override
  public final Integer call() {
    return Exit.of(spec, this::work);
  }

  private int work() {
    GivenOnce.require(spec);
    defaultOut().ifPresent(job::out);
    Path out = job.out();
    List<Step> steps = steps();
    if (job.dryRun) {
      print(DryRun.text(steps, job.printsJson()));
      return Exit.DONE;
    }
    try (JobFolder folder = JobFolder.open(out, job.resume, JobSettings.of(spec), finished)) {
      Outcome outcome = run(folder, watched.apply(job.progress()));
      ReportFolder.write(out, outcome.report());
      report(outcome, out);
      return outcome.exit();
    }
  }

  private void report(Outcome outcome, Path out) {
    String json = json(outcome).toPrettyString();
    job.jsonFile().ifPresent(file -> Whole.text(file, json + "\n"));
    print(
        job.printsJson()
            ? json
            : outcome.report().text() + "\nwrote " + out.resolve(ReportFolder.HTML));
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
