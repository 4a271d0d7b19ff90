package dev.plumbline.agent.triggers;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code plumbline trigger}. */
@Command(
    name = "trigger",
    mixinStandardHelpOptions = true,
    description = "Tunes and simulates what raises the mode.",
    subcommands = {TuneCommand.class, SimulateCommand.class})
public final class TriggerCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "wanted tune or simulate, found neither; see --help");
  }
}
