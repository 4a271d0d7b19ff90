package dev.plumbline.learn.mitigate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.report.Alert;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A mitigation's findings as a report. */
record MitigationReport(Findings findings, List<Alert> alarms, RefusalRule refusals) {
  private static final String NONE = "not measured";

  Report report(Map<String, String> provenance) {
    List<Section> sections = new ArrayList<>();
    sections.add(figures());
    findings.after().ifPresent(after -> sections.add(changes(after)));
    sections.add(ParetoSection.of(findings));
    return new Report(
        "Mitigation by " + findings.direction(),
        verdict(),
        caveats(),
        provenance,
        sections,
        alarms);
  }

  private String verdict() {
    if (findings.after().isEmpty()) {
      return alarms.get(0).text();
    }
    Figures before = Figures.of(findings.before(), findings.rates());
    Figures after = Figures.of(findings.after().get(), findings.rates());
    Figures random = Figures.of(findings.random().orElseThrow(), findings.rates());
    StringBuilder text =
        new StringBuilder(
            "%s leaves %s of answers misaligned, of %s before; random directions taken out the same way leave %s. It costs %s nats of KL a token."
                .formatted(
                    findings.chosen().orElseThrow().detail(),
                    percent(after.misaligned()),
                    percent(before.misaligned()),
                    percent(random.misaligned()),
                    after.kl().map(kl -> "%.4g".formatted(kl.value())).orElse(NONE)));
    alarms.forEach(alarm -> text.append(' ').append(alarm.text()));
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String percent(Optional<Estimate> share) {
    return share.map(s -> "%.1f %%".formatted(100 * s.value())).orElse(NONE);
  }

  private List<String> caveats() {
    List<String> caveats = new ArrayList<>();
    if (!findings.before().refused().isEmpty()) {
      caveats.add(
          "Refusals are counted by words: an answer refuses if it has "
              + refusals
              + ". Words miscount both ways; read some answers, or have a judge say.");
    }
    long unscored =
        findings.before().unscored()
            + findings.after().map(Evidence::unscored).orElse(0L)
            + findings.random().map(Evidence::unscored).orElse(0L);
    if (unscored > 0) {
      caveats.add(unscored + " answers have no score and are in no share; none was guessed.");
    }
    if (!findings.before().costs().mitigated().isEmpty()) {
      caveats.add(
          "KL a token is the reference's, the model without adapters, which has nothing to mend."
              + " The KL of the adapted models beside it holds what was mended, too.");
    }
    List<String> missing = new ArrayList<>();
    Figures.of(findings.before(), findings.rates())
        .named()
        .forEach((name, figure) -> figure.ifPresentOrElse(f -> {}, () -> missing.add(name)));
    if (!missing.isEmpty()) {
      caveats.add("Not measured: " + String.join(", ", missing) + ".");
    }
    return caveats;
  }

  private Section figures() {
    Map<String, Optional<Evidence>> conditions = new LinkedHashMap<>();
    conditions.put("before", Optional.of(findings.before()));
    conditions.put("after", findings.after());
    conditions.put("random control", findings.random());
    List<List<Object>> rows = new ArrayList<>();
    conditions.forEach(
        (name, evidence) ->
            evidence.ifPresent(
                each -> {
                  List<Object> row = new ArrayList<>(List.of(name));
                  Figures.of(each, findings.rates())
                      .named()
                      .values()
                      .forEach(figure -> row.add(figure.<Object>map(f -> f).orElse(NONE)));
                  rows.add(row);
                }));
    return new Section(
        "Before, after, random control",
        List.of(
            "On questions and aligned texts that chose nothing. Intervals are 95 %, from drawing"
                + " whole questions, texts or items again; of shares not narrower than the exact"
                + " one. KL: nats a token, plain against edited, on aligned answers."),
        List.of(
            "condition",
            "misaligned",
            "incoherent",
            "KL a token",
            "KL of the mitigated",
            "accuracy",
            "perplexity",
            "refused (words)",
            "refused (judge)"),
        rows);
  }

  private Section changes(Evidence after) {
    List<List<Object>> rows = new ArrayList<>();
    change(rows, "misaligned", Evidence::misaligned, after);
    change(rows, "incoherent", Evidence::incoherent, after);
    change(rows, "right choices", each -> each.costs().correct(), after);
    change(rows, "refused (words)", Evidence::refused, after);
    change(rows, "refused (judge)", Evidence::refusedJudged, after);
    Object beyond = findings.beyondRandom().<Object>map(each -> each).orElse(NONE);
    rows.add(List.of("misaligned, against the random control", beyond, "–", "–", "–"));
    return new Section(
        "Changes, in pairs",
        List.of(
            "After less before on the same questions or items. McNemar's p takes answers as"
                + " independent, the interval does not."),
        List.of("share", "change", "gained", "lost", "McNemar p"),
        rows);
  }

  private void change(
      List<List<Object>> rows,
      String name,
      Function<Evidence, List<Measured>> part,
      Evidence after) {
    List<Measured> from = part.apply(findings.before());
    List<Measured> to = part.apply(after);
    if (from.isEmpty() || to.isEmpty()) {
      rows.add(List.of(name, NONE, "–", "–", "–"));
      return;
    }
    Rates.Turned turned = Rates.turned(from, to);
    Object change = findings.rates().change(from, to).<Object>map(c -> c).orElse(NONE);
    rows.add(List.of(name, change, turned.gained(), turned.lost(), turned.p()));
  }
}
