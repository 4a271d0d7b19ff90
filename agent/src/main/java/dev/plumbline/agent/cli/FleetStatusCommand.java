package dev.plumbline.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline fleet status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the members, the artefact, the routes and the scores as one agent sees them.",
      "Exits with 4 while fewer members are there than fleet.expected-members."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline fleet status",
      "  plumbline fleet status --json --admin http://10.0.0.7:8081"
    })
final class FleetStatusCommand implements Callable<Integer> {
  private static final int DIGEST = 12;
  private static final String ROW = "  %-10s %-14s %-4s %-24s %-12s %-10s %s%n";

  @Spec private CommandSpec spec;
  @Mixin private AdminPort admin;

  @Option(names = "--json", description = "Print the agent's answer, for other programs.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    JsonNode status = FleetSender.status(admin);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(status);
    } else {
      say(out, status);
    }
    out.flush();
    boolean missing = status.path("members").size() < status.path("expected").asInt();
    return (missing ? ExitCode.BOUND_MISSED : ExitCode.DONE).status();
  }

  private static void say(PrintWriter out, JsonNode status) {
    out.printf(
        "fleet %s: %d members, %d expected, heard %s s ago%n",
        status.path("name").asText(),
        status.path("members").size(),
        status.path("expected").asInt(),
        status.path("view_age_s").asText());
    out.printf(ROW, "member", "build", "is", "direction", "artefact", "state", "says");
    status.path("members").forEach(member -> member(out, member));
    status.path("routes").fields().forEachRemaining(e -> route(out, e.getKey(), e.getValue()));
    status.path("scores").forEach(each -> score(out, each));
    status.path("commands").forEach(each -> command(out, each));
    String why = status.path("artefact").path("why").asText();
    if (!why.isEmpty()) {
      out.println("this agent does not use the artefact: " + why);
    }
  }

  private static void member(PrintWriter out, JsonNode member) {
    out.printf(
        ROW,
        cut(member.path("id").asText(), 8) + (member.path("self").asBoolean() ? " *" : ""),
        cut(member.path("build").asText("-"), 14),
        member.path("switch").asText("-"),
        cut(member.path("direction").asText("-"), 24),
        cut(member.path("artefact").asText(), DIGEST),
        member.path("artefact_state").asText("-"),
        member.path("fresh").asBoolean() ? "now" : "nothing new");
  }

  private static void route(PrintWriter out, String name, JsonNode route) {
    out.printf(
        "route %s: here %s, the others %s%n",
        name, route.path("own").asText("off"), route.path("fleet").asText("off"));
  }

  private static void score(PrintWriter out, JsonNode each) {
    out.printf(
        Locale.ROOT,
        "scores %s %s: %d, p50 %.3f, p99 %.3f, drift %s%n",
        each.path("model").asText(),
        each.path("direction").asText(),
        each.path("count").asLong(),
        each.path("p50").asDouble(Double.NaN),
        each.path("p99").asDouble(Double.NaN),
        each.path("drift_ks").isNumber()
            ? "%.3f".formatted(each.path("drift_ks").asDouble())
            : "not known");
  }

  private static void command(PrintWriter out, JsonNode each) {
    out.printf(
        "told %s %s by %s at %s: %s%n",
        each.path("verb").asText(),
        each.path("target").asText(),
        each.path("key").asText(),
        each.path("issued").asText(),
        each.path("result").asText());
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) : text;
  }
}
