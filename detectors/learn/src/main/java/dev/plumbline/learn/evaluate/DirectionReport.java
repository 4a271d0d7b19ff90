package dev.plumbline.learn.evaluate;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.report.Alert;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Findings as a report, and what they are worth as an exit status. */
final class DirectionReport {
  private final Findings found;
  private final List<Artefact> artefacts;
  private final EvaluationAnswers data;
  private final ModelPin pin;
  private final long seed;

  private DirectionReport(
      Findings found, List<Artefact> artefacts, EvaluationAnswers data, ModelPin pin, long seed) {
    this.found = found;
    this.artefacts = artefacts;
    this.data = data;
    this.pin = pin;
    this.seed = seed;
  }

  static Outcome of(
      Findings found, List<Artefact> artefacts, EvaluationAnswers data, ModelPin pin, long seed) {
    DirectionReport report = new DirectionReport(found, artefacts, data, pin, seed);
    List<Alert> alerts = report.alerts();
    Report page =
        new Report(
            "Evaluation of " + report.names(),
            report.verdict(),
            report.caveats(),
            report.provenance(),
            report.sections(),
            alerts);
    return alerts.isEmpty() ? Outcome.done(page) : Outcome.missed(page);
  }

  private String names() {
    return artefacts.stream().map(Artefact::name).collect(Collectors.joining(", "));
  }

  private List<Alert> alerts() {
    List<Alert> alerts = new ArrayList<>();
    for (ScoreFigures each : found.scores()) {
      for (Alarm a : each.alarms()) {
        alerts.add(
            new Alert(each.artefact(), a.kind().wireName(), a.claimed(), a.control(), a.text()));
      }
    }
    return alerts;
  }

  private String verdict() {
    return found.scores().stream().map(DirectionReport::verdict).collect(Collectors.joining(" "));
  }

  private static String verdict(ScoreFigures figures) {
    String within =
        figures
            .claim()
            .within()
            .map(e -> number(e) + " among answers to one prompt (" + e.count() + " prompts)")
            .orElse("nothing that can be said among answers to one prompt");
    String score =
        "%s: the score tells misaligned from aligned with an AUROC of %s across prompts and %s."
            .formatted(figures.artefact(), number(figures.claim().across()), within);
    if (figures.alarms().isEmpty()) {
      return score + " Every control that was measured is beaten.";
    }
    return "ALARM. "
        + score
        + " Do not believe it as it stands: "
        + figures.alarms().stream().map(Alarm::text).collect(Collectors.joining("; "))
        + ".";
  }

  private static String number(Estimate e) {
    return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", e.value(), e.low(), e.high());
  }

  private List<String> caveats() {
    List<String> caveats = new ArrayList<>();
    caveats.add(
        "An artefact does not list its prompts: that these answers are to prompts it never saw is"
            + " the caller's word, unless the very same list is found in it.");
    for (Artefact artefact : artefacts) {
      if (!(artefact.fit(pin) instanceof Fit.Exact)) {
        caveats.add(artefact.name() + " was made of other weights than these.");
      }
    }
    sameProbes(caveats);
    found.scores().forEach(each -> flaggedFinetunes(each, caveats));
    missing(data.aligned().isEmpty(), "the thresholds' promise (no aligned traffic)", caveats);
    missing(data.benign().isEmpty(), "false positives on benign finetunes", caveats);
    missing(data.narrow().isEmpty(), "false positives on KL-narrow finetunes", caveats);
    missing(found.detect().isEmpty(), "transfer of detection (one model only)", caveats);
    missing(found.weights().isEmpty(), "weights or answers (no finetune's weights)", caveats);
    missing(found.ablate().isEmpty(), "transfer of ablation (no exact judge)", caveats);
    return caveats;
  }

  /** A score is the probe's: two artefacts may differ in what they edit and share what detects. */
  private void sameProbes(List<String> caveats) {
    for (int i = 1; i < artefacts.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (artefacts.get(i).probe().equals(artefacts.get(j).probe())) {
          caveats.add(
              artefacts.get(i).name()
                  + " has the probe of "
                  + artefacts.get(j).name()
                  + ": one score, evaluated twice; they differ in their editing directions.");
        }
      }
    }
  }

  /** The promise is about the reference's traffic; what it costs elsewhere must be said. */
  private static void flaggedFinetunes(ScoreFigures figures, List<String> caveats) {
    String more =
        figures.flagged().stream()
            .filter(each -> !each.misaligned() && !each.whose().equals(OwnAlarms.REFERENCE))
            .filter(each -> each.answer().low() > figures.nominal())
            .map(each -> each.whose() + " " + number(each.answer()))
            .collect(Collectors.joining(", "));
    if (!more.isEmpty()) {
      caveats.add(
          String.format(
              Locale.ROOT,
              "%s: of aligned answers by other models than the reference more are flagged than the"
                  + " %.4f that holds for it: %s.",
              figures.artefact(),
              figures.nominal(),
              more));
    }
  }

  private static void missing(boolean is, String what, List<String> caveats) {
    if (is) {
      caveats.add("Not measured: " + what + ".");
    }
  }

  private Map<String, String> provenance() {
    Map<String, String> from = new LinkedHashMap<>();
    from.put("model", pin.id() + ", weights " + pin.weightFingerprint());
    for (Artefact artefact : artefacts) {
      from.put("direction " + artefact.name(), artefact.provenance().estimator());
    }
    from.put("judged answers", Answers.digest(data.judged()));
    from.put("seed", Long.toString(seed));
    return from;
  }

  private List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < found.scores().size(); i++) {
      sections.addAll(ScoreSections.of(found.scores().get(i), i + 1));
    }
    int number = 0;
    for (Map.Entry<String, ControlTable> entry : found.controls().entrySet()) {
      sections.add(ControlSection.of(entry.getValue(), entry.getKey(), ++number));
    }
    found.detect().forEach(transfer -> sections.add(TransferSections.detect(transfer)));
    if (!found.weights().isEmpty()) {
      sections.add(TransferSections.weights(found.weights()));
    }
    found.ablate().ifPresent(transfer -> sections.add(TransferSections.ablate(transfer)));
    return sections;
  }
}
