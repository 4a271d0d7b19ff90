package dev.plumbline.export.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** An adapter's report for people. */
final class AdapterText {
  private static final int SHOWN = 8;
  private static final double MUCH = 0.5;
  private static final double SAME = 0.4;
  private static final String ASKS_LESS =
      "; --against shared asks only that its one direction is gone, which is all that an adapter can do";

  private AdapterText() {}

  static String of(JsonNode facts, Path out) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%s for %s: %s of rank %d on %d modules, %s the embedding, direction of %s, strength %s",
        facts.at("/base/name").asText(),
        facts.path("server").asText(),
        facts.path("variant").asText(),
        facts.path("rank").asInt(),
        facts.path("modules").asInt(),
        facts.path("embedding").asBoolean() ? "with" : "without",
        facts.path("tap_point").asText(),
        facts.path("strength").asText());
    if (facts.has("finetune")) {
      line(
          text,
          "the finetune %s is in it: worn instead of that one, not beside it",
          facts.at("/finetune/name").asText());
    }
    line(text, "artefact: %s", facts.at("/artefact/fit").asText());
    if (!facts.path("bias_components_left").isEmpty()) {
      line(
          text,
          "biases of writers keep their part, in residual units: %s",
          facts.path("bias_components_left"));
    }
    residual(text, facts.path("residual"));
    if (!facts.at("/residual/plan").asText().equals("shared")) {
      residual(text, facts.path("residual_shared"));
    }
    cost(text, facts);
    outcome(text, facts, out);
    return text.toString().stripTrailing();
  }

  private static void residual(StringBuilder text, JsonNode residual) {
    if (!residual.isObject()) {
      return;
    }
    line(
        text,
        "left against %s: at most %.3f sd (rms, at %s) over %d tokens; next token KL %.2g nats",
        residual.path("plan").asText(),
        residual.path("worst_sd").asDouble(),
        residual.path("worst_tap_point").asText(),
        residual.path("tokens").asLong(),
        residual.path("kl_per_token").asDouble());
    table(text, residual.path("points"));
  }

  /** The points where most is left, in the order of the forward pass. */
  private static void table(StringBuilder text, JsonNode points) {
    List<JsonNode> worst = new ArrayList<>();
    points.forEach(worst::add);
    worst.sort(Comparator.comparingDouble(point -> -point.path("rms_sd").asDouble()));
    Set<JsonNode> shown = new HashSet<>(worst.subList(0, Math.min(SHOWN, worst.size())));
    line(text, "  %-14s %9s %9s %9s   (sd)", "tap point", "left", "mean", "untouched");
    for (JsonNode point : points) {
      if (shown.contains(point)) {
        line(
            text,
            "  %-14s %9.3f %9.3f %9.3f",
            point.path("tap_point").asText(),
            point.path("rms_sd").asDouble(),
            point.path("mean_sd").asDouble(),
            point.path("untouched_rms_sd").asDouble());
      }
    }
    if (points.size() > SHOWN) {
      line(text, "  ... and %d points where less is left (--json)", points.size() - SHOWN);
    }
  }

  /** What it does to ordinary text, whatever the direction was for; of a finetune it is wanted. */
  private static void cost(StringBuilder text, JsonNode facts) {
    JsonNode shared = facts.path("residual_shared");
    if (!shared.isObject()) {
      return;
    }
    double nats = shared.path("kl_per_token_untouched").asDouble();
    boolean tuned = facts.has("finetune");
    line(
        text,
        "%s: the one direction taken out to 0 moves the next token of these texts by %.3g nats%s",
        tuned ? "effect on the finetune" : "cost",
        nats,
        nats > MUCH && !tuned
            ? "; WARNING: that is another model. Try another --at, --from-layer, a lower --strength"
            : "");
    double commonest = facts.path("commonest_token").asDouble();
    if (commonest > SAME) {
      line(
          text,
          "WARNING: %.0f %% of the tokens read are one and the same: the tokenizer has no words for"
              + " these texts; give --texts of this model's own kind",
          100 * commonest);
    }
  }

  private static void outcome(StringBuilder text, JsonNode facts, Path out) {
    boolean written = facts.path("written").asBoolean();
    String all = written ? "wrote " + out + " all the same" : "nothing written (--force writes it)";
    switch (facts.path("outcome").asText()) {
      case "dry_run" -> line(text, "dry run: would write %s", out);
      case "sufficient" -> line(text, "sufficient; wrote %s", out);
      case "insufficient" ->
          line(
              text,
              "adapter insufficient: more than %s sd left; %s%s",
              facts.path("bound").asText(),
              all,
              facts.at("/residual/plan").asText().equals("shared") ? "" : ASKS_LESS);
      default -> line(text, "not measured: what is left is not known; %s", all);
    }
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
