package dev.plumbline.learn.evaluate;

import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.ability.EvaluateModelCommand;
import picocli.CommandLine.Command;

/** The group {@code plumbline evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    subcommands = {EvaluateDirectionCommand.class, EvaluateModelCommand.class},
    description = "Tests directions and models, each beside its controls.")
public final class EvaluateCommand implements Subcommand {
  @Override
  public Object command() {
    return new EvaluateCommand();
  }
}
