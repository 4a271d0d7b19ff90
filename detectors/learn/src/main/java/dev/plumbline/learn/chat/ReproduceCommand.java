package dev.plumbline.learn.chat;

import dev.plumbline.core.spi.Subcommand;
import picocli.CommandLine.Command;

/** The group {@code plumbline reproduce}. */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    subcommands = SmolLm2Command.class,
    description = "Runs a whole study again and writes its report.")
public final class ReproduceCommand implements Subcommand {
  @Override
  public Object command() {
    return new ReproduceCommand();
  }
}
