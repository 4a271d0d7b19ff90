package dev.plumbline.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plumbline.agent.fleet.FleetCommand.Verb;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline fleet rollback}: all agents judge by the artefact before again. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Has all agents judge by the artefact that was published before.",
      "Where there is none, by the one each is configured with. What it goes back to is named in the"
          + " command."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline fleet rollback --key ops.pem",
      "  plumbline fleet rollback --key ops.pem --to configured"
    })
final class FleetRollbackCommand implements Callable<Integer> {
  private static final String CONFIGURED = "configured";

  @Spec private CommandSpec spec;
  @Mixin private FleetSender sender;

  @Option(
      names = "--to",
      paramLabel = "DIGEST",
      description = "A published artefact's digest, its beginning, or 'configured'.")
  private String to;

  @Override
  public Integer call() throws InterruptedException {
    JsonNode status = sender.status();
    JsonNode target = target(status.path("artefact"));
    return sender.send(
        status,
        Verb.ROLLBACK,
        "",
        target.path("digest").asText(),
        target.path("size").asInt(),
        new byte[0],
        spec.commandLine().getOut());
  }

  private JsonNode target(JsonNode artefact) {
    String wanted = artefact.path("wanted").asText();
    if (to == null && wanted.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FITTING, "wanted a published artefact, found none in use", null);
    }
    if (CONFIGURED.equals(to)) {
      return MissingNode.getInstance();
    }
    for (JsonNode each : artefact.path("published")) {
      String digest = each.path("digest").asText();
      if (to == null ? !digest.equals(wanted) : digest.startsWith(to)) {
        return each;
      }
    }
    if (to != null) {
      throw new CommandFailure(
          ExitCode.NOT_FITTING, "wanted a published artefact " + to + ", found none", null);
    }
    return MissingNode.getInstance();
  }
}
