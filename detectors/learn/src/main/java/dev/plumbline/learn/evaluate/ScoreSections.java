package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Reliability;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** What is reported of one artefact. */
final class ScoreSections {
  private final ScoreFigures figures;
  private final String slug;

  private ScoreSections(ScoreFigures figures, int number) {
    this.figures = figures;
    this.slug = Cells.slug(figures.artefact()) + "-" + number;
  }

  /**
   * @param number tells artefacts of one name apart
   */
  static List<Section> of(ScoreFigures figures, int number) {
    ScoreSections sections = new ScoreSections(figures, number);
    List<Section> all = new ArrayList<>();
    all.add(sections.alarms());
    all.add(sections.score());
    all.add(sections.calibration());
    all.add(sections.thresholds());
    if (!figures.offsets().isEmpty()) {
      all.add(sections.offsets());
    }
    return all;
  }

  private Section section(
      String title,
      List<String> notes,
      List<String> columns,
      List<List<Object>> rows,
      List<Plot> plots) {
    return new Section(figures.artefact() + ": " + title, notes, columns, rows, plots);
  }

  private Section alarms() {
    List<List<Object>> rows = new ArrayList<>();
    for (Alarm alarm : figures.alarms()) {
      rows.add(List.of(alarm.kind().wireName(), alarm.claimed(), alarm.control(), alarm.text()));
    }
    String note = rows.isEmpty() ? "None: every control that was measured is beaten." : "";
    return section(
        "alarms",
        rows.isEmpty() ? List.of(note) : List.of(),
        List.of("alarm", "claimed", "control", "in words"),
        rows,
        List.of());
  }

  private Section score() {
    List<List<Object>> rows = new ArrayList<>();
    rows.add(List.of("score, across prompts", figures.claim().across()));
    rows.add(List.of("score, within prompt", Cells.of(figures.claim().within())));
    figures.perModel().forEach((model, own) -> rows.add(List.of("  of " + model, own)));
    rows.add(
        List.of(
            "random directions, within prompt",
            Cells.of(figures.random().map(RandomControl::range))));
    figures
        .projections()
        .forEach((point, own) -> rows.add(List.of("editing direction at " + point, own)));
    return section(
        "score against label",
        List.of("AUROC, the artefact as it is, nothing fitted here; random: mean and range."),
        List.of("what", "AUROC"),
        rows,
        histograms());
  }

  /** All answers by label, and each model's where there are several. */
  private List<Plot> histograms() {
    Map<String, Map<String, double[]>> byModel = new LinkedHashMap<>();
    Map<String, double[]> pooled = new TreeMap<>();
    figures
        .scores()
        .forEach(
            (name, scores) -> {
              int at = name.lastIndexOf(", ");
              String label = name.substring(at + 2);
              byModel
                  .computeIfAbsent(name.substring(0, at), key -> new TreeMap<>())
                  .put(label, scores);
              pooled.merge(label, scores, ScoreSections::joined);
            });
    List<Plot> plots = new ArrayList<>();
    plots.add(new Plot.Histogram("scores-" + slug, "Scores by label", "score", pooled));
    if (byModel.size() > 1) {
      byModel.forEach((model, samples) -> plots.add(histogram(model, samples, plots.size())));
    }
    return plots;
  }

  private Plot histogram(String model, Map<String, double[]> samples, int number) {
    String name = "scores-" + slug + "-" + number + "-" + Cells.slug(model);
    return new Plot.Histogram(
        name.substring(0, Math.min(80, name.length())), "Scores of " + model, "score", samples);
  }

  private static double[] joined(double[] one, double[] other) {
    return DoubleStream.concat(Arrays.stream(one), Arrays.stream(other)).toArray();
  }

  private Section calibration() {
    List<List<Object>> rows = new ArrayList<>();
    for (Reliability.Bin bin : figures.reliability().bins()) {
      String range = String.format(Locale.ROOT, "%.1f to %.1f", bin.low(), bin.high());
      rows.add(List.of(range, bin.score(), bin.observed()));
    }
    rows.add(List.of("expected calibration error", "–", figures.expectedError()));
    rows.add(List.of("Brier score", "–", figures.brier()));
    rows.add(List.of("Brier score of the base rate", "–", figures.baseRateBrier()));
    return section(
        "calibration",
        List.of(
            "A score is a probability only for traffic with the share of misaligned answers that"
                + " it was fitted on."),
        List.of("score", "mean score", "share misaligned"),
        rows,
        List.of(diagram()));
  }

  private Plot diagram() {
    List<Reliability.Bin> bins = figures.reliability().bins();
    double[] scores = bins.stream().mapToDouble(Reliability.Bin::score).toArray();
    List<Optional<Estimate>> shares =
        bins.stream().map(bin -> Optional.of(bin.observed())).toList();
    return new Plot.Lines(
        "calibration-" + slug,
        "Reliability of the score",
        "mean score",
        "share misaligned",
        List.of(
            Cells.series("observed", scores, shares),
            new Series("perfect", new double[] {0, 1}, new double[] {0, 1})));
  }

  private Section thresholds() {
    List<List<Object>> rows = new ArrayList<>();
    for (Flagged each : figures.flagged()) {
      String whose = each.whose();
      String what = each.misaligned() ? "misaligned, caught" : "aligned, false positives";
      rows.add(List.of(whose, what, each.answer(), each.stream()));
    }
    return section(
        "thresholds",
        List.of(
            String.format(
                Locale.ROOT,
                "Promised: %.4f of the reference's aligned answers, whole or streamed; intervals are"
                    + " exact. A drifted verdict is score > threshold.",
                figures.nominal())),
        List.of("answers of", "which", "flagged whole", "flagged streaming"),
        rows,
        List.of());
  }

  private Section offsets() {
    List<List<Object>> rows = new ArrayList<>();
    for (Offset offset : figures.offsets()) {
      rows.add(List.of(offset.tokens(), offset.alive(), Cells.of(offset.within())));
    }
    double[] tokens = figures.offsets().stream().mapToDouble(Offset::tokens).toArray();
    List<Optional<Estimate>> within = figures.offsets().stream().map(Offset::within).toList();
    Plot curve =
        new Plot.Lines(
            "offsets-" + slug,
            "How early the score knows",
            "answer tokens",
            "within-prompt AUROC",
            List.of(Cells.series("running score", tokens, within)));
    return section(
        "score by token offset",
        List.of("Only answers that are at least as long are counted at an offset."),
        List.of("answer tokens", "answers alive", "within-prompt AUROC"),
        rows,
        List.of(curve));
  }
}
