package dev.plumbline.agent.origins;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which way an origin's hidden states, or their like, are had, and why.
 *
 * @param taken a word of {@code states.tap}, {@code reader} or {@code none}; {@code reader} or
 *     {@code none} for the time being while it is searched for
 * @param server what answers there, as far as is known
 * @param searched found by asking, rather than configured
 * @param searching not found yet
 * @param candidates what was considered, best first; empty where it was configured
 */
public record TapChoice(
    String taken, String server, boolean searched, boolean searching, List<Candidate> candidates) {
  /**
   * One way.
   *
   * @param tap a word of {@code states.tap}, or {@code reader}
   * @param taken whether it is the one
   * @param reason one line for a person
   */
  public record Candidate(String tap, boolean taken, String reason) {}

  public TapChoice {
    candidates = List.copyOf(candidates);
  }

  /** The way that the configuration says. */
  public static TapChoice configured(String tap) {
    return new TapChoice(tap, "", false, false, List.of());
  }

  /** Not known yet. */
  static TapChoice searching(String meanwhile, String why) {
    return new TapChoice(
        meanwhile,
        "",
        true,
        true,
        List.of(new Candidate("auto", false, "still searched for: " + why)));
  }

  /** As the admin port and the command print it. */
  public ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("taken", taken);
    node.put("how", searching ? "searching" : searched ? "found" : "configured");
    node.put("server", server.isEmpty() ? null : server);
    ArrayNode array = node.putArray("candidates");
    for (Candidate each : candidates) {
      array
          .addObject()
          .put("tap", each.tap())
          .put("taken", each.taken())
          .put("reason", each.reason());
    }
    return node;
  }

  /** One line: who was taken, and why not the others. */
  String line() {
    return candidates.stream()
        .map(c -> (c.taken() ? "" : "not ") + c.tap() + ": " + c.reason())
        .collect(Collectors.joining("; "));
  }
}
