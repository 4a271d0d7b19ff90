package dev.plumbline.learn.reproduce;

import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.SmallRecipe;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** {@code plumbline reproduce} on an organism of seconds, with two experiments of its own. */
public final class SmallReproduction {
  private SmallReproduction() {}

  /**
   * A command, to be run once.
   *
   * @param today what its clock says
   */
  public static JobCommand command(Instant today) {
    return new ReproduceCommand(
        Clock.fixed(today, ZoneOffset.UTC),
        SmallRecipe.recipe(),
        List.of(new Counted("one", "em-emerges"), new Counted("two", "em-coherent")));
  }

  /** A figure that differs from call to call: a stage that ran twice would show. */
  private record Counted(String name, String claim) implements Experiment {
    @Override
    public List<String> claims() {
      return List.of(claim);
    }

    @Override
    public List<Finding> run(Subject subject, Progress progress) {
      double figure = subject.emergent().size() + subject.seed() / 3.0;
      return List.of(new Finding(claim, figure, figure - 1, figure + 1, 0, true, "counted"));
    }
  }
}
