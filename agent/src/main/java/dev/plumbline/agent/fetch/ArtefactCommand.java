package dev.plumbline.agent.fetch;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code plumbline artefact}. */
@Command(
    name = "artefact",
    mixinStandardHelpOptions = true,
    description = "Brings artefacts to where the agent reads them.",
    subcommands = FetchCommand.class)
public final class ArtefactCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "wanted fetch, found nothing; see --help");
  }
}
