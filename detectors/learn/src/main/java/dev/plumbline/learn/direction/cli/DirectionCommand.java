package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.spi.Subcommand;
import picocli.CommandLine.Command;

/** The group {@code plumbline direction}. */
@Command(
    name = "direction",
    mixinStandardHelpOptions = true,
    subcommands = {
      DirectionShowCommand.class,
      DirectionCalibrateCommand.class,
      DirectionRandomCommand.class,
      DirectionSignCommand.class,
      DirectionVerifyCommand.class
    },
    description =
        "Shows, calibrates, signs and verifies directions, and draws their random controls.")
public final class DirectionCommand implements Subcommand {
  @Override
  public Object command() {
    return new DirectionCommand();
  }
}
