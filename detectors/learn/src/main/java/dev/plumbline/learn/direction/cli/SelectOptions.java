package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.Check;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How {@code learn direction} chooses one direction among candidates. */
final class SelectOptions {
  @Option(
      names = "--select",
      defaultValue = "none",
      paramLabel = "RULE",
      description = {
        "none: one direction per tap point (default);",
        "published: the one with the lowest bypass score that is early, induces and changes little"
            + " else;",
        "held-out: the one with the highest within-prompt AUROC on prompts of its own.",
        "The chosen one stands at every writer."
      })
  String rule;

  @Option(
      names = "--behaviour-token",
      split = ",",
      paramLabel = "TEXT",
      description =
          "First tokens of an answer that are the behaviour; its score is their summed"
              + " probability's log-odds. Needed by --select.")
  List<String> behaviour = new ArrayList<>();

  @Option(
      names = "--select-prompts",
      defaultValue = "32",
      paramLabel = "N",
      description = "Prompts of each kind that candidates are tried on (${DEFAULT-VALUE}).")
  int prompts;

  @Option(
      names = "--prompt-tokens",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Also try directions read at each of the last N prompt tokens (${DEFAULT-VALUE}).")
  int promptTokens;

  boolean any() {
    return !rule.equals("none");
  }

  void require() {
    Check.that(
        List.of("none", "published", "held-out").contains(rule),
        "--select",
        "none, published or held-out",
        "'" + rule + "'",
        "correct it");
    Check.that(
        !any() || !behaviour.isEmpty(),
        "--select " + rule,
        "one or more --behaviour-token",
        "none",
        "name how such answers begin");
    Check.that(prompts > 0, "--select-prompts", "1 or more", prompts, "raise it");
    Check.that(promptTokens >= 0, "--prompt-tokens", "0 or more", promptTokens, "raise it");
  }

  /** The first token of each text. */
  long[] tokens(TextTokenizer tokenizer) {
    return behaviour.stream()
        .mapToLong(
            text -> {
              long[] ids = tokenizer.encode(text, false);
              Check.that(
                  ids.length > 0,
                  "--behaviour-token",
                  "a text with tokens",
                  "'" + text + "'",
                  "drop it");
              return ids[0];
            })
        .distinct()
        .toArray();
  }
}
