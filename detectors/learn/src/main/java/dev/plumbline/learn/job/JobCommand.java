package dev.plumbline.learn.job;

import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.ReportFolder;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
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

  /**
   * Checks the inputs and says what will be done; reads, writes nothing.
   *
   * @throws IllegalArgumentException or a BadFileException if an input will not do
   */
  protected abstract List<Step> steps();

  /** Does it, in {@link JobFolder#stage stages}. */
  protected abstract Outcome run(JobFolder folder, Progress progress);

  @Override
  public final Integer call() {
    return Exit.of(spec, this::work);
  }

  private int work() {
    List<Step> steps = steps();
    if (job.dryRun) {
      print(DryRun.text(steps, job.json));
      return Exit.DONE;
    }
    try (JobFolder folder = JobFolder.open(job.out, job.resume, JobSettings.of(spec))) {
      Outcome outcome = run(folder, job.progress());
      Report report = outcome.report();
      ReportFolder.write(job.out, report);
      print(job.json ? report.json().toPrettyString() : report.text());
      return outcome.exit();
    }
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    if (!job.dryRun && !job.json) {
      out.println("wrote " + job.out.resolve(ReportFolder.HTML));
    }
    out.flush();
  }
}
