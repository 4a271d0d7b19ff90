package dev.plumbline.learn.demo;

import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalDouble;

/** What the demo prints, for people. */
final class Screen {
  private static final int BAR = 10;

  private final PrintWriter out;

  Screen(PrintWriter out) {
    this.out = out;
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Some exchanges: prompt, answer, score as a bar, verdict, action. */
  void exchanges(String title, List<Asked> asked) {
    say("");
    say(title);
    say(
        "  %-10s %-32s %-52s %-16s %-9s %s"
            .formatted("model", "prompt", "answer", "score", "verdict", "action"));
    for (Asked a : asked) {
      say(
          "  %-10s %-32s %-52s %-16s %-9s %s"
              .formatted(
                  a.model(),
                  cut(a.question(), 32),
                  cut(a.answer(), 52),
                  bar(a.score()),
                  a.verdict(),
                  a.action()));
    }
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }

  private static String bar(OptionalDouble score) {
    if (score.isEmpty()) {
      return "unscored";
    }
    int filled = (int) Math.round(score.getAsDouble() * BAR);
    return "█".repeat(filled) + "·".repeat(BAR - filled) + " %.2f".formatted(score.getAsDouble());
  }

  void summary(Summary summary) {
    say("");
    say(
        "Shares outside each finetune's own domain, judged exactly on the text that came over HTTP");
    say(
        "  %-10s %9s   %-23s %-23s %-19s %s"
            .formatted(
                "model",
                "exchanges",
                "misaligned before→after",
                "incoherent before→after",
                "flagged before→after",
                "AUROC within prompt"));
    for (ModelFigures m : summary.models()) {
      say(
          "  %-10s %9d   %7s → %-13s %7s → %-13s %7s → %-9s   %s"
              .formatted(
                  m.name(),
                  m.before().size(),
                  percent(m.misalignedBefore()),
                  percent(m.misalignedAfter()),
                  percent(m.incoherentBefore()),
                  percent(m.incoherentAfter()),
                  percent(m.drifted(m.before())),
                  percent(m.drifted(m.after())),
                  m.auroc().isPresent() ? "%.3f".formatted(m.auroc().getAsDouble()) : "–"));
    }
    say(
        "  control: a norm-matched random direction taken out instead: %s → %s"
            .formatted(percent(summary.finetunesBefore()), percent(summary.randomAfter())));
    for (Summary.Bound bound : summary.bounds()) {
      if (!bound.holds()) {
        say("  MISSED %s: %.3f, wanted %s".formatted(bound.what(), bound.found(), bound.wanted()));
      }
    }
  }

  private static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }
}
