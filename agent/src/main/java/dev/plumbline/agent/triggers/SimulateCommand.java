package dev.plumbline.agent.triggers;

import dev.plumbline.mitigations.trigger.SimulationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline trigger simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Plays scripted days with drift through the default trigger and a naive control.",
      "Writes Markdown; the same number of seeds gives the same bytes."
    })
final class SimulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--seeds", defaultValue = "100", description = "Days a row. Default: 100.")
  private int seeds;

  @Option(names = "--out", paramLabel = "FILE", description = "Instead of the standard output.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    if (seeds < 1 || seeds > 10_000) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--seeds: wanted 1 to 10000, found " + seeds);
    }
    String report = new SimulationReport(seeds).markdown();
    if (out == null) {
      spec.commandLine().getOut().print(report);
      spec.commandLine().getOut().flush();
    } else {
      Files.writeString(out, report);
    }
    return 0;
  }
}
