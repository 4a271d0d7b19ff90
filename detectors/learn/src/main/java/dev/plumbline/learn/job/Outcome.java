package dev.plumbline.learn.job;

import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import dev.plumbline.torch.cli.Exit;
import java.util.List;

/**
 * What a job came to.
 *
 * @param report what to look at
 * @param exit {@link Exit#DONE} or {@link Exit#MISSED}
 */
public record Outcome(Report report, int exit) {
  /** The same with more sections at the report's end. */
  public Outcome with(List<Section> more) {
    return new Outcome(report.with(more), exit);
  }

  /** Done, nothing missed. */
  public static Outcome done(Report report) {
    return new Outcome(report, Exit.DONE);
  }

  /** Done, and a stated bound was missed or an alarm raised: the verdict says which. */
  public static Outcome missed(Report report) {
    return new Outcome(report, Exit.MISSED);
  }
}
