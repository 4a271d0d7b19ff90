package dev.plumbline.agent.cli;

import dev.plumbline.agent.fleet.FleetCommand.Verb;
import dev.plumbline.agent.fleet.PackedArtefact;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline fleet publish}: all agents judge by this artefact. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = {
      "Has all agents judge what begins from now on by this artefact, without a restart.",
      "An agent it does not fit stays with its own and says so: see plumbline fleet status."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  plumbline fleet publish em.direction --key ops.pem"})
final class FleetPublishCommand implements Callable<Integer> {
  private static final String SUFFIX = ".direction";

  @Spec private CommandSpec spec;
  @Mixin private FleetSender sender;

  @Parameters(paramLabel = "DIR", description = "Artefact folder, NAME.direction.")
  private Path folder;

  @Override
  public Integer call() throws InterruptedException {
    PackedArtefact packed = pack();
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    String bare = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    return sender.send(
        sender.status(),
        Verb.PUBLISH,
        bare,
        packed.digest(),
        packed.size(),
        packed.bytes(),
        spec.commandLine().getOut());
  }

  private PackedArtefact pack() {
    try {
      return PackedArtefact.pack(folder);
    } catch (IllegalArgumentException | java.io.UncheckedIOException e) {
      throw new CommandFailure(ExitCode.NOT_FITTING, e.getMessage(), e);
    }
  }
}
