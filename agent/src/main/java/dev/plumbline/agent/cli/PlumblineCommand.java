package dev.plumbline.agent.cli;

import dev.plumbline.agent.bench.BenchGroup;
import dev.plumbline.agent.fetch.ArtefactCommand;
import dev.plumbline.agent.record.RecordCommand;
import dev.plumbline.agent.record.ReplayCommand;
import dev.plumbline.agent.triggers.TriggerCommand;
import dev.plumbline.core.spi.Subcommand;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Spec;

/**
 * The root command. Its own subcommands are built in; others plug in as {@link Subcommand}
 * services: an image without the learning module has no learning commands, and says nothing of
 * them.
 */
@Command(
    name = "plumbline",
    mixinStandardHelpOptions = true,
    versionProvider = PlumblineCommand.Version.class,
    description = "Watches which way a deployed language model leans, and can take the lean out.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong usage or configuration",
      "3:artefact, model or machine does not fit",
      "4:a stated bound was missed"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline serve --organism",
      "  plumbline serve --origin http://127.0.0.1:8000",
      "  plumbline COMMAND --help"
    })
public final class PlumblineCommand implements Runnable {
  @Spec private CommandSpec spec;

  private PlumblineCommand() {}

  /** The whole command line, with every subcommand the class path offers. */
  public static CommandLine create(Launcher launcher, Map<String, String> environment) {
    CommandLine root = new CommandLine(new PlumblineCommand());
    root.addSubcommand(serving(new ServeCommand(launcher, environment)));
    root.addSubcommand(new RecordCommand());
    root.addSubcommand(new ReplayCommand(launcher::reader));
    root.addSubcommand(new TapCommand(launcher));
    root.addSubcommand(new TriggerCommand());
    root.addSubcommand("off", switching("off", "Turns a running agent into a plain proxy."));
    root.addSubcommand("on", switching("on", "Turns a running agent on again."));
    root.addSubcommand(new ReloadCommand());
    root.addSubcommand(new ConfigCommand(environment));
    root.addSubcommand(FleetGroup.create());
    root.addSubcommand(new HealthCommand());
    root.addSubcommand(new ArtefactCommand());
    for (Subcommand plugged : ServiceLoader.load(Subcommand.class)) {
      root.addSubcommand(plugged.command());
    }
    BenchGroup.plug(root);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setExecutionExceptionHandler(PlumblineCommand::report);
    root.setExitCodeExceptionMapper(Failures::status);
    return root;
  }

  private static CommandLine serving(ServeCommand serve) {
    CommandLine command = new CommandLine(serve);
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.footer(
        Stream.concat(Arrays.stream(usage.footer()), Arrays.stream(KeyHelp.lines()))
            .toArray(String[]::new));
    return command;
  }

  private static CommandLine switching(String name, String description) {
    CommandLine command = new CommandLine(new SwitchCommand());
    command
        .getCommandSpec()
        .usageMessage()
        .description(description)
        .footerHeading("%nExamples:%n")
        .footer(
            "  plumbline " + name,
            "  plumbline "
                + name
                + " --admin https://10.0.0.7:8081 --ca ca.pem --token-file operate.token");
    return command;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "wanted a command, found none; see --help");
  }

  private static int report(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    err.println("plumbline: " + Failures.message(failure));
    if (!Failures.expected(failure)) {
      failure.printStackTrace(err);
    }
    err.flush();
    return Failures.status(failure);
  }

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = PlumblineCommand.class.getPackage().getImplementationVersion();
      return List.of("plumbline " + (version == null ? "(not packaged)" : version))
          .toArray(String[]::new);
    }
  }
}
