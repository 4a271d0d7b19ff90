package dev.plumbline.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.admin.FleetRoutes;
import dev.plumbline.agent.fleet.FleetCommand;
import dev.plumbline.agent.fleet.SignedCommand;
import dev.plumbline.core.sign.KeyFiles;
import dev.plumbline.core.sign.SigningKey;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Signs a command here and posts it to one agent, which tells the others. The private key is read
 * from a file and goes nowhere.
 */
final class FleetSender {
  private static final String COMMANDS = "/api/fleet/commands";
  private static final Duration SKEW = Duration.ofDays(1);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Mixin private AdminPort admin;

  @Option(
      names = "--key",
      paramLabel = "NAME.pem",
      required = true,
      description = "Private key to sign with; its public half lies beside it as NAME.pub.pem.")
  private Path key;

  @Option(names = "--json", description = "Print the agent's answer, for other programs.")
  private boolean json;

  /** What the agent knows of the fleet. */
  JsonNode status() throws InterruptedException {
    return status(admin);
  }

  static JsonNode status(AdminPort admin) throws InterruptedException {
    HttpResponse<String> answer = admin.get("/api/fleet");
    if (answer.statusCode() != 200) {
      throw admin.unwanted("/api/fleet", answer);
    }
    JsonNode status = parse(answer.body());
    if (!status.path("enabled").asBoolean()) {
      throw new CommandFailure(
          ExitCode.NOT_FITTING,
          "wanted an agent with a fleet, found none; set fleet.enabled",
          null);
    }
    return status;
  }

  /**
   * Signs and sends.
   *
   * @param status of the fleet, for its name and the last sequence number of the key
   * @param content of the artefact that is published; else empty
   * @return the exit status
   */
  int send(
      JsonNode status,
      FleetCommand.Verb verb,
      String target,
      String digest,
      int size,
      byte[] content,
      PrintWriter out)
      throws InterruptedException {
    SigningKey signing = KeyFiles.read(key, KeyFiles.publicFileOf(key));
    FleetCommand command =
        new FleetCommand(
            status.path("name").asText(),
            sequence(status.path("sequences").path(signing.id()).asLong(0)),
            Clock.systemUTC().instant(),
            verb,
            target,
            digest,
            size);
    SignedCommand signed = SignedCommand.of(command, signing);
    HttpResponse<String> answer =
        admin.post(
            COMMANDS,
            Map.of(
                FleetRoutes.COMMAND,
                Base64.getEncoder().encodeToString(signed.message()),
                FleetRoutes.SIGNATURE,
                signed.signatureText()),
            content);
    return said(command, answer, out);
  }

  /**
   * The time in milliseconds, unless the agent has accepted a higher number: then the next. An
   * agent that names one far ahead would use the key up.
   */
  private static long sequence(long accepted) {
    long now = Clock.systemUTC().millis();
    if (accepted > now + SKEW.toMillis()) {
      throw new CommandFailure(
          ExitCode.NOT_FITTING,
          "wanted a sequence number near the time, found %d at the agent; make a new key"
              .formatted(accepted),
          null);
    }
    return Math.max(now, accepted + 1);
  }

  private int said(FleetCommand command, HttpResponse<String> answer, PrintWriter out) {
    if (json) {
      out.println(answer.body());
    }
    JsonNode body = parse(answer.body());
    String result = body.path("result").asText("none");
    if (answer.statusCode() != 200) {
      ExitCode code =
          switch (answer.statusCode()) {
            case 400 -> ExitCode.USAGE;
            case 409 -> ExitCode.NOT_FITTING;
            default -> ExitCode.FAILED;
          };
      throw new CommandFailure(
          code,
          "%s was refused: %s (%s)"
              .formatted(command.verb().wireName(), result, body.path("error").asText()),
          null);
    }
    if (!json) {
      String here = result.equals("applied") ? "applied here" : "accepted, nothing to do here";
      out.printf(
          "%s %s: %s, %d members hear of it (sequence %d)%n",
          command.verb().wireName(),
          command.target().isEmpty() ? "fleet" : command.target(),
          here,
          body.path("members").asInt(),
          command.sequence());
    }
    out.flush();
    return ExitCode.DONE.status();
  }

  static JsonNode parse(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "wanted JSON from the agent, found something else", e);
    }
  }
}
