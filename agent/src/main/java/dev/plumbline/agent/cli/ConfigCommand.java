package dev.plumbline.agent.cli;

import dev.plumbline.agent.config.ConfigSchema;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.LoadedConfig;
import dev.plumbline.agent.config.Reference;
import dev.plumbline.agent.config.TlsFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline config}: looks at settings without starting anything. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Checks a configuration, and says what can be configured.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline config check plumbline.yaml",
      "  plumbline config reference",
      "  plumbline config reference --schema > config.schema.json"
    })
final class ConfigCommand implements Runnable {
  private static final String DEFAULT = "default";

  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  ConfigCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "wanted check or reference, found neither; see --help");
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Reads a configuration as serve does, and tells every mistake (exit code 2) or what holds.",
        "Paths in it must exist here; of files only certificates, keys and tokens are read, and"
            + " nothing is started."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  plumbline config check plumbline.yaml",
        "  plumbline config check plumbline.yaml --all --set mode=annotate"
      })
  int check(
      @Parameters(paramLabel = "FILE", description = "YAML or JSON.") Path file,
      @Option(names = "--set", paramLabel = "KEY=VALUE", description = "As with serve.")
          Map<String, String> settings,
      @Option(names = "--all", description = "Show defaults, too.") boolean all) {
    Map<String, String> flags = settings == null ? Map.of() : new LinkedHashMap<>(settings);
    LoadedConfig loaded = new ConfigSources(Optional.of(file), environment, flags).read();
    TlsFiles.require(loaded.config());
    List<LoadedConfig.Effective> shown =
        loaded.effective().stream().filter(e -> all || !e.source().equals(DEFAULT)).toList();
    PrintWriter out = spec.commandLine().getOut();
    shown.forEach(e -> out.printf("%-36s %-32s %s%n", e.key(), e.value(), e.source()));
    out.println(shown.size() + " settings, no mistake");
    out.flush();
    return ExitCode.DONE.status();
  }

  @Command(
      name = "reference",
      mixinStandardHelpOptions = true,
      description = "Prints every setting, its default and its values, as Markdown.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  plumbline config reference > CONFIGURATION.md",
        "  plumbline config reference --schema > config.schema.json"
      })
  int reference(
      @Option(names = "--schema", description = "As the JSON Schema of a file.") boolean schema) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(schema ? ConfigSchema.json().toPrettyString() + "\n" : Reference.markdown());
    out.flush();
    return ExitCode.DONE.status();
  }
}
