package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The table of controls. */
final class ControlSection {
  private static final List<String> COLUMNS =
      List.of("classifier", "random folds", "prompt-grouped folds", "within prompt");

  private ControlSection() {}

  /**
   * @param points where the states were read
   * @param number tells the plots of several apart
   */
  static Section of(ControlTable controls, String points, int number) {
    Map<String, FoldFigures> all = new LinkedHashMap<>();
    controls.states().forEach((reading, f) -> all.put("states, " + reading.words(), f));
    all.putAll(controls.text());
    List<List<Object>> rows = new ArrayList<>();
    all.forEach((name, figures) -> rows.add(row(name, figures)));
    rows.add(List.of("prompt identity (leave-one-out)", controls.promptIdentity(), "–", "–"));
    rows.add(List.of("model identity (leave-one-out)", controls.modelIdentity(), "–", "–"));
    rows.add(List.of("shuffled labels", "–", Cells.of(controls.shuffled()), "–"));
    return new Section(
        "Controls at " + points, notes(controls), COLUMNS, rows, List.of(bars(all, number)));
  }

  private static List<Object> row(String name, FoldFigures figures) {
    return List.of(
        name, Cells.of(figures.random()), Cells.of(figures.grouped()), Cells.of(figures.within()));
  }

  private static List<String> notes(ControlTable controls) {
    Counts counts = controls.counts();
    List<String> notes = new ArrayList<>();
    notes.add(
        "%d answers (%d misaligned) of %d models to %d prompts; %d prompts have both outcomes by one model."
            .formatted(
                counts.answers(),
                counts.misaligned(),
                counts.models(),
                counts.prompts(),
                counts.mixed()));
    notes.add(
        "AUROC of probes trained here, intervals by drawing whole prompts. Random folds share"
            + " prompts between training and test: what they give beyond grouped folds is knowing"
            + " the prompt.");
    controls.states().forEach((reading, figures) -> flattery(reading, figures, notes));
    return notes;
  }

  private static void flattery(Reading reading, FoldFigures figures, List<String> notes) {
    figures
        .flattery()
        .filter(gap -> gap > 0.1)
        .ifPresent(
            gap ->
                notes.add(
                    String.format(
                        Locale.ROOT,
                        "At the %s random folds flatter by %.2f: do not quote them.",
                        reading.words(),
                        gap)));
  }

  private static Plot bars(Map<String, FoldFigures> all, int number) {
    List<FoldFigures> figures = List.copyOf(all.values());
    List<Optional<Estimate>> random = figures.stream().map(FoldFigures::random).toList();
    List<Optional<Estimate>> grouped = figures.stream().map(FoldFigures::grouped).toList();
    List<Optional<Estimate>> within = figures.stream().map(FoldFigures::within).toList();
    return new Plot.Bars(
        "controls-" + number,
        "AUROC by how it is validated",
        "classifier",
        "AUROC",
        all.keySet().stream().map(name -> name.replace("states, ", "")).toList(),
        List.of(
            Cells.bars("random folds", random),
            Cells.bars("grouped by prompt", grouped),
            Cells.bars("within prompt", within)));
  }
}
