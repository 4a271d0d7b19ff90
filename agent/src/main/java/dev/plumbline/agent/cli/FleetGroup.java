package dev.plumbline.agent.cli;

import dev.plumbline.agent.fleet.FleetCommand.Verb;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline fleet}: what all agents are told at once, through any of them. */
@Command(
    name = "fleet",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at the fleet, and tells all agents at once what to do, through any of them.",
      "Commands are signed here; agents take them from keys in fleet.trusted-keys only."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline key generate ops.pem",
      "  plumbline fleet status",
      "  plumbline fleet publish NAME.direction --key ops.pem",
      "  plumbline fleet rollback --key ops.pem",
      "  plumbline fleet arm MODEL --key ops.pem",
      "  plumbline fleet off --key ops.pem --admin http://10.0.0.7:8081"
    })
final class FleetGroup implements Runnable {
  @Spec private CommandSpec spec;

  static CommandLine create() {
    CommandLine group = new CommandLine(new FleetGroup());
    group.addSubcommand(new FleetStatusCommand());
    group.addSubcommand(new FleetPublishCommand());
    group.addSubcommand(new FleetRollbackCommand());
    add(group, "arm", new Route(), "Arms a route's triggers: every exchange is looked at.");
    add(
        group,
        "disarm",
        new Route(),
        "Puts a route's triggers off, and leaves them to their levels.");
    add(group, "off", new Switch(), "Turns all agents into plain proxies.");
    add(group, "on", new Switch(), "Turns all agents on again.");
    return group;
  }

  private static void add(CommandLine group, String name, Object command, String description) {
    CommandLine made = new CommandLine(command);
    String example =
        "  plumbline fleet " + name + (command instanceof Route ? " MODEL" : "") + " --key ops.pem";
    made.getCommandSpec()
        .usageMessage()
        .description(description)
        .footerHeading("%nExamples:%n")
        .footer(example, example + " --admin http://10.0.0.7:8081");
    group.addSubcommand(name, made);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "wanted a command, found none; see plumbline fleet --help");
  }

  private static Verb verb(CommandSpec spec) {
    return Verb.valueOf(spec.name().toUpperCase(Locale.ROOT));
  }

  /** {@code off} and {@code on}. */
  @Command(mixinStandardHelpOptions = true)
  static final class Switch implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private FleetSender sender;

    @Override
    public Integer call() throws InterruptedException {
      return sender.send(
          sender.status(), verb(spec), "", "", 0, new byte[0], spec.commandLine().getOut());
    }
  }

  /** {@code arm} and {@code disarm}. */
  @Command(mixinStandardHelpOptions = true)
  static final class Route implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private FleetSender sender;

    @Parameters(paramLabel = "MODEL", description = "The route: a model's name, or other.")
    private String model;

    @Override
    public Integer call() throws InterruptedException {
      return sender.send(
          sender.status(), verb(spec), model, "", 0, new byte[0], spec.commandLine().getOut());
    }
  }
}
