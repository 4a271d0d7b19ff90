package dev.plumbline.export;

import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.export.cli.AdapterCommand;
import dev.plumbline.export.cli.CheckpointCommand;
import dev.plumbline.export.cli.MergeCommand;
import dev.plumbline.export.gguf.ControlVectorCommand;
import dev.plumbline.export.gguf.ConvertAdapterCommand;
import dev.plumbline.export.gguf.ShowControlVectorCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group {@code plumbline export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    subcommands = {
      AdapterCommand.class,
      CheckpointCommand.class,
      MergeCommand.class,
      ControlVectorCommand.class,
      ShowControlVectorCommand.class,
      ConvertAdapterCommand.class
    },
    description = "Takes a direction out of weights, for model servers as they are.")
public final class ExportCommand implements Subcommand, Runnable {
  @Spec private CommandSpec spec;

  @Override
  public Object command() {
    return new ExportCommand();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
