package dev.plumbline.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline reload}: a running agent reads its file again. */
@Command(
    name = "reload",
    mixinStandardHelpOptions = true,
    description = {
      "Has a running agent read its configuration again, without a restart.",
      "With a mistake nothing changes, and the exit code is 2. What needs a restart is named."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline reload",
      "  plumbline reload --admin https://10.0.0.7:8081 --ca ca.pem --token-file operate.token"
    })
final class ReloadCommand implements Callable<Integer> {
  private static final String PATH = "/api/reload";

  @Spec private CommandSpec spec;
  @Mixin private AdminPort admin;

  @Option(names = "--json", description = "Print the agent's answer, for other programs.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    HttpResponse<String> answer = admin.post(PATH);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(answer.body());
    }
    if (answer.statusCode() == 200) {
      say(out, read(answer));
      return ExitCode.DONE.status();
    }
    if (answer.statusCode() == 422) {
      throw new CommandFailure(ExitCode.USAGE, read(answer).path("error").asText(), null);
    }
    throw admin.unwanted(PATH, answer);
  }

  private void say(PrintWriter out, JsonNode answer) {
    if (json) {
      return;
    }
    list(out, "now", answer.path("applied"));
    list(out, "restart the agent for", answer.path("needs_restart"));
    out.println(answer.path("unchanged").size() + " settings are what they were");
    out.flush();
  }

  private static void list(PrintWriter out, String words, JsonNode changes) {
    for (JsonNode change : changes) {
      String to = change.path("to").asText();
      out.printf(
          "%s %s: %s (was: %s)%n",
          words, change.path("key").asText(), orNone(to), orNone(change.path("from").asText()));
    }
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "none" : text;
  }

  private JsonNode read(HttpResponse<String> answer) {
    try {
      return new ObjectMapper().readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw admin.unwanted(PATH, answer);
    }
  }
}
