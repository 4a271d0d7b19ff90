package dev.plumbline.learn.compare;

import dev.plumbline.core.spi.Subcommand;
import picocli.CommandLine.Command;

/** The group {@code plumbline compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    subcommands = CompareSolutionsCommand.class,
    description = "Compares what trainings of one task came to.")
public final class CompareCommand implements Subcommand {
  @Override
  public Object command() {
    return new CompareCommand();
  }
}
