package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.shards.MemberCommand;
import picocli.CommandLine.Command;

/** The group {@code plumbline learn}. */
@Command(
    name = "learn",
    mixinStandardHelpOptions = true,
    subcommands = {LearnDirectionCommand.class, MemberCommand.class},
    description = "Learns directions from models and judged answers.")
public final class LearnCommand implements Subcommand {
  @Override
  public Object command() {
    return new LearnCommand();
  }
}
