package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.calibrate.ScoreBaseline;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import dev.plumbline.learn.selection.Choice;
import dev.plumbline.learn.selection.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The report of {@code learn direction}. */
final class DirectionReport {
  private static final String NOT_MEASURED = "–";

  private final Artefact artefact;
  private final Findings findings;
  private final Optional<Choice> choice;

  DirectionReport(Artefact artefact, Findings findings, Optional<Choice> choice) {
    this.artefact = artefact;
    this.findings = findings;
    this.choice = choice;
  }

  Report report() {
    List<Section> sections = new ArrayList<>();
    sections.add(directions());
    if (!findings.cosines().isEmpty() && findings.contrasts().size() > 1) {
      sections.add(agreement());
    }
    choice.ifPresent(each -> sections.add(selection(each)));
    sections.add(quality());
    sections.add(scores());
    ScoreBaseline.in(artefact).ifPresent(found -> sections.add(baseline(found)));
    return new Report("Direction " + artefact.name(), verdict(), caveats(), provenance(), sections);
  }

  private String verdict() {
    String by = artefact.provenance().estimator();
    String selected =
        choice
            .map(
                each ->
                    each.choice()
                        .map(t -> " Selected: " + t.candidate() + " at " + t.point() + ".")
                        .orElse(
                            " No candidate passed the "
                                + each.rule()
                                + " rule: the directions per tap point are kept."))
            .orElse("");
    String held =
        artefact
            .quality()
            .figure(Figure.WITHIN_PROMPT_AUROC)
            .map(
                e ->
                    String.format(
                        Locale.ROOT, " The probe's within-prompt AUROC is %.3f.", e.value()))
            .orElse(" No held-out prompt had both outcomes, so the probe is untested.");
    return "Learned by "
        + by
        + "."
        + selected
        + held
        + (artefact.quality().warnings().isEmpty()
            ? " Every control was measured and is beaten."
            : " It has not shown that it means what it says; see the caveats.");
  }

  private List<String> caveats() {
    List<String> caveats = new ArrayList<>(artefact.quality().warnings());
    findings
        .borrowed()
        .forEach((to, from) -> caveats.add(to + " borrows the direction of " + from));
    return caveats;
  }

  private Map<String, String> provenance() {
    Map<String, String> from = new LinkedHashMap<>();
    from.put("model", artefact.model().id() + " (" + artefact.model().revision() + ")");
    from.put("weights", artefact.model().weightFingerprint());
    from.put("estimator", artefact.provenance().estimator());
    from.put("dtype", artefact.provenance().dtype());
    from.put("seed", String.valueOf(artefact.provenance().seed()));
    artefact.provenance().counts().forEach((name, count) -> from.put(name, count.toString()));
    return from;
  }

  private Section directions() {
    List<String> columns = new ArrayList<>(List.of("tap point", "aligned mean", "spread", "AUROC"));
    findings.contrasts().forEach(name -> columns.add("size " + name));
    List<List<Object>> rows = new ArrayList<>();
    List<TapDirection> taps = artefact.directions();
    for (int i = 0; i < taps.size(); i++) {
      TapDirection tap = taps.get(i);
      List<Object> row = new ArrayList<>();
      row.add(tap.tapPoint().toString());
      row.add(tap.alignedMean());
      row.add(tap.alignedSpread());
      row.add(measured(findings.separation()[i]));
      int at = findings.points().indexOf(tap.tapPoint().toString());
      findings
          .contrasts()
          .forEach(
              name -> row.add(at < 0 ? NOT_MEASURED : measured(findings.sizes().get(name)[at])));
      rows.add(row);
    }
    return new Section(
        "Directions",
        notes(),
        columns,
        rows,
        List.of(
            lines("sizes", "Length of the difference", "standard deviations", findings.sizes()),
            lines("norms", "Length of the difference", "residual units", findings.lengths()),
            lines(
                "separation",
                "Within-prompt AUROC of the projection, held out",
                "AUROC",
                Map.of("projection", findings.separation()))));
  }

  private static Object measured(double value) {
    return Double.isNaN(value) ? NOT_MEASURED : value;
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Unit vectors. Mean and spread are the projections of aligned tokens on the base: a"
            + " coefficient of 1 is one spread. Size is the length of the difference of means in"
            + " scatter of a state.");
    if (!findings.shift().isEmpty()) {
      notes.add(findings.shift());
    }
    artefact
        .modelShift()
        .ifPresent(
            shift ->
                notes.add(
                    String.format(
                        "model_shift at %s, mean %.4f, spread %.4f over pools of %d.",
                        shift.tapPoint(),
                        shift.alignedMean(),
                        shift.alignedSpread(),
                        shift.exchangesPerPool())));
    return notes;
  }

  private static Plot lines(String name, String title, String unit, Map<String, double[]> values) {
    return new Plot.Lines(
        name,
        title,
        "tap point, forward",
        unit,
        values.entrySet().stream()
            .map(entry -> Series.of(entry.getKey(), entry.getValue()))
            .toList());
  }

  private Section agreement() {
    List<List<Object>> rows = new ArrayList<>();
    List<String> names = findings.contrasts();
    String widest =
        findings.points().stream()
            .filter(findings.cosines()::containsKey)
            .reduce((first, second) -> second)
            .orElseThrow();
    for (String point : findings.points()) {
      double[][] matrix = findings.cosines().get(point);
      if (matrix != null) {
        rows.add(List.of(point, mean(matrix), least(matrix)));
      }
    }
    return new Section(
        "Agreement of the contrasts",
        List.of("Cosines between the directions of " + String.join(", ", names) + "."),
        List.of("tap point", "mean cosine", "least"),
        rows,
        List.of(
            new Plot.HeatMap(
                "cosines",
                "Cosines at " + widest,
                "contrast",
                "contrast",
                names,
                names,
                findings.cosines().get(widest))));
  }

  private static double mean(double[][] matrix) {
    double sum = 0;
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < i; j++) {
        sum += matrix[i][j];
      }
    }
    return sum / (matrix.length * (matrix.length - 1) / 2.0);
  }

  private static double least(double[][] matrix) {
    double least = 1;
    for (double[] row : matrix) {
      for (double cosine : row) {
        least = Math.min(least, cosine);
      }
    }
    return least;
  }

  private static Section selection(Choice choice) {
    List<List<Object>> rows = new ArrayList<>();
    List<Trial> trials = choice.trials();
    for (int i = 0; i < trials.size(); i++) {
      Trial t = trials.get(i);
      String state = i == choice.chosen() ? "chosen" : choice.discarded().get(i);
      rows.add(
          List.of(t.candidate(), t.point(), t.bypass(), t.induce(), t.kl(), t.heldOut(), state));
    }
    return new Section(
        "Selection",
        List.of(
            String.format(
                Locale.ROOT,
                "Rule %s. With nothing done the score is %.3f where the behaviour shows and %.3f"
                    + " where it does not. The published rule discards NaN, layers from int(0.8 L)"
                    + " on, KL > 0.1 and induce < 0, and takes the lowest bypass.",
                choice.rule(),
                choice.showing(),
                choice.quiet())),
        List.of("tokens", "tap point", "bypass", "induce", "KL", "held-out AUROC", "state"),
        rows,
        List.of(
            new Plot.Points(
                "selection",
                "Candidates",
                "bypass (taken out, where it shows)",
                "induce (added, where it does not)",
                List.of(
                    new Series(
                        "candidates",
                        trials.stream().mapToDouble(Trial::bypass).toArray(),
                        trials.stream().mapToDouble(Trial::induce).toArray())))));
  }

  private Section quality() {
    List<List<Object>> rows = new ArrayList<>();
    for (Map.Entry<Figure, Estimate> entry : artefact.quality().figures().entrySet()) {
      rows.add(List.of(entry.getKey().wireName(), entry.getValue()));
    }
    return new Section(
        "Quality of the probe", List.of(), List.of("figure", "value"), rows, List.of());
  }

  private static Section baseline(ScoreBaseline baseline) {
    return new Section(
        "Baseline of the scores",
        List.of(
            "What traffic's scores are held against (plumbline_baseline_score): the probe's scores"
                + " of the aligned answers that the thresholds rest on, each to its end.",
            BaselineText.of(baseline) + "."),
        List.of("score at most", "share of the answers"),
        BaselineText.rows(baseline),
        List.of());
  }

  private Section scores() {
    Map<String, double[]> samples = new LinkedHashMap<>();
    samples.put("aligned", findings.aligned());
    samples.put("misaligned", findings.misaligned());
    samples.values().removeIf(values -> values.length == 0);
    return new Section(
        "Held-out scores",
        List.of("Mean projection of an answer at " + findings.best() + ", in aligned spreads."),
        List.of(),
        List.of(),
        List.of(
            new Plot.Histogram(
                "scores", "Held-out answers along the direction", "spreads", samples)));
  }
}
