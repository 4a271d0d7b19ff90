package dev.plumbline.export.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Locale;

/** An adapter's report for people. */
final class AdapterText {
  private AdapterText() {}

  static String of(JsonNode facts, Path out) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%s for %s: %s of rank 1 on %d modules, %s the embedding, direction of %s, strength %s",
        facts.at("/base/name").asText(),
        facts.path("server").asText(),
        facts.path("variant").asText(),
        facts.path("modules").asInt(),
        facts.path("embedding").asBoolean() ? "with" : "without",
        facts.path("tap_point").asText(),
        facts.path("strength").asText());
    line(text, "artefact fits: %s", facts.at("/artefact/fit").asText());
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
    outcome(text, facts, out);
    return text.toString().stripTrailing();
  }

  private static void residual(StringBuilder text, JsonNode residual) {
    if (!residual.isObject()) {
      return;
    }
    line(
        text,
        "left against %s: at most %.3f sd (rms, at %s) over %d tokens; next token KL %.4g nats"
            + " (%.4g without the adapter)",
        residual.path("plan").asText(),
        residual.path("worst_sd").asDouble(),
        residual.path("worst_tap_point").asText(),
        residual.path("tokens").asLong(),
        residual.path("kl_per_token").asDouble(),
        residual.path("kl_per_token_untouched").asDouble());
  }

  private static void outcome(StringBuilder text, JsonNode facts, Path out) {
    boolean written = facts.path("written").asBoolean();
    switch (facts.path("outcome").asText()) {
      case "dry_run" -> line(text, "dry run: would write %s", out);
      case "sufficient" -> line(text, "sufficient; wrote %s", out);
      case "insufficient" ->
          line(
              text,
              "adapter insufficient: more than %s sd left; %s",
              facts.path("bound").asText(),
              written ? "wrote " + out + " all the same" : "nothing written (--force writes it)");
      default ->
          line(
              text,
              "not measured: what is left is not known; %s",
              written ? "wrote " + out + " all the same" : "nothing written (--force writes it)");
    }
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
