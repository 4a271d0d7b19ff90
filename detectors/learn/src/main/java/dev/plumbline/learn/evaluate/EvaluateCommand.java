package dev.plumbline.learn.evaluate;

import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.ability.EvaluateModelCommand;
import dev.plumbline.learn.mitigate.EvaluateMitigationCommand;
import picocli.CommandLine.Command;

/** The group {@code plumbline evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    subcommands = {
      EvaluateDirectionCommand.class,
      EvaluateModelCommand.class,
      EvaluateMitigationCommand.class
    },
    description = "Tests directions, models and mitigations, each beside its controls.")
public final class EvaluateCommand implements Subcommand {
  @Override
  public Object command() {
    return new EvaluateCommand();
  }
}
