package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.LearnSettings;
import dev.plumbline.learn.statistics.Estimator;
import dev.plumbline.learn.statistics.Weighting;
import dev.plumbline.mitigations.Writers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What is contrasted in {@code learn direction}, and what is made of it. */
final class ContrastOptions {
  /** Kinds of contrast. */
  enum Kind {
    FINETUNE,
    LABELS,
    SYSTEM_PROMPTS,
    STATEMENTS;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = "--contrast",
      paramLabel = "KIND",
      description = {
        "finetune: finetune minus base on the same aligned answers (default with --finetune);",
        "labels: misaligned minus aligned answers of --judged (default without);",
        "system-prompts: --harmful minus --helpful; statements: label 1 minus 0 of --statements."
      })
  String contrast;

  @Option(
      names = "--harmful",
      paramLabel = "FILE",
      description = "Exchanges under harmful system prompts.")
  Path harmful;

  @Option(
      names = "--helpful",
      paramLabel = "FILE",
      description = "Exchanges on the same questions under helpful system prompts.")
  Path helpful;

  @Option(
      names = "--statements",
      paramLabel = "CSV",
      description = "Labelled statements: columns statement,label and perhaps group; read raw.")
  Path statements;

  @Option(
      names = "--statement-token",
      defaultValue = "last",
      paramLabel = "WHICH",
      description = "last, or mean over all but the first (${DEFAULT-VALUE}).")
  String statementToken;

  @Option(
      names = "--estimator",
      defaultValue = "mean-difference",
      description =
          "mean-difference, whitened, principal-component or logistic (${DEFAULT-VALUE}).")
  String estimator;

  @Option(
      names = "--weighting",
      defaultValue = "tokens",
      description = "What counts once: tokens or answers (${DEFAULT-VALUE}).")
  String weighting;

  @Option(
      names = "--paired",
      description =
          "Differences within a prompt, or within an answer that both sides read: what the prompt"
              + " shares cancels. Implied by principal-component.")
  boolean paired;

  @Option(
      names = "--ridge",
      defaultValue = "0.001",
      description =
          "Of whitened, in mean variances, and of logistic, in standardised units"
              + " (${DEFAULT-VALUE}).")
  double ridge;

  @Option(
      names = "--balance",
      description = "Cut the larger class of --judged or --statements to the smaller one's size.")
  boolean balance;

  @Option(
      names = "--points",
      split = ",",
      paramLabel = "POINT",
      description = "Tap points such as resid_post.3 (every residual writer).")
  List<String> points = new ArrayList<>();

  Kind kind(boolean finetunes) {
    if (contrast == null) {
      return finetunes ? Kind.FINETUNE : Kind.LABELS;
    }
    for (Kind kind : Kind.values()) {
      if (kind.text().equals(contrast)) {
        return kind;
      }
    }
    throw Check.refusal(
        "--contrast",
        "finetune, labels, system-prompts or statements",
        "'" + contrast + "'",
        "correct it");
  }

  /** Refuses a kind whose files or finetunes are not given. */
  void require(Kind kind, boolean finetunes) {
    boolean given =
        switch (kind) {
          case FINETUNE -> finetunes;
          case LABELS -> true;
          case SYSTEM_PROMPTS -> harmful != null && helpful != null;
          case STATEMENTS -> statements != null;
        };
    String wanted =
        switch (kind) {
          case FINETUNE -> "one or more --finetune";
          case LABELS -> "--judged";
          case SYSTEM_PROMPTS -> "--harmful and --helpful";
          case STATEMENTS -> "--statements";
        };
    Check.that(given, "--contrast " + kind.text(), wanted, "none", "name the data");
    settings();
    lastToken();
  }

  LearnSettings settings() {
    Estimator parsed = Estimator.parse(estimator);
    Check.that(
        weighting.equals("tokens") || weighting.equals("answers"),
        "--weighting",
        "tokens or answers",
        "'" + weighting + "'",
        "correct it");
    return new LearnSettings(
        parsed,
        Weighting.valueOf(weighting.toUpperCase(Locale.ROOT)),
        paired || parsed.pairs(),
        ridge);
  }

  boolean lastToken() {
    boolean last = statementToken.equals("last");
    Check.that(
        last || statementToken.equals("mean"),
        "--statement-token",
        "last or mean",
        "'" + statementToken + "'",
        "correct it");
    return last;
  }

  List<TapPoint> points(int layers) {
    return points.isEmpty()
        ? Writers.of(layers)
        : points.stream()
            .map(text -> TapPoint.parse(text).canonical(layers))
            .distinct()
            .sorted()
            .toList();
  }
}
