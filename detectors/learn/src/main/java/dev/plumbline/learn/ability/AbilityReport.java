package dev.plumbline.learn.ability;

import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.GroupBootstrap;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What came of examining a model: every measure in every condition, and how it moved. */
public final class AbilityReport {
  private static final double CONFIDENCE = 0.95;
  private static final int DRAWS = 2000;

  private final Map<String, List<String>> stated = new LinkedHashMap<>();
  private final Map<String, Map<String, TaskResults>> results = new LinkedHashMap<>();
  private final Map<String, String> references;
  private final long seed;

  /**
   * @param results of every task in every condition
   * @param references by condition, the one it is compared with; none for the first
   */
  public AbilityReport(
      List<Task> tasks, List<TaskResults> results, Map<String, String> references, long seed) {
    tasks.forEach(task -> stated.put(task.name(), task.stated()));
    results.forEach(
        each ->
            this.results
                .computeIfAbsent(each.task(), task -> new LinkedHashMap<>())
                .put(each.condition(), each));
    this.references = new LinkedHashMap<>(references);
    this.seed = seed;
  }

  /** The changes of a task's measures, by condition. */
  public Map<String, List<PairedChange>> changes(String task) {
    Map<String, TaskResults> own = results.get(task);
    Map<String, List<PairedChange>> changes = new LinkedHashMap<>();
    references.forEach(
        (condition, reference) -> {
          TaskResults before = own.get(reference);
          List<PairedChange> all = new ArrayList<>();
          for (String measure : before.measures()) {
            all.add(PairedChange.of(before, own.get(condition), measure, seed));
          }
          changes.put(condition, all);
        });
    return changes;
  }

  /** The report. */
  public Report report(Map<String, String> provenance) {
    List<Section> sections = new ArrayList<>();
    sections.add(overview());
    results.keySet().forEach(task -> sections.add(task(task)));
    results.forEach((task, own) -> groups(task, own).ifPresent(sections::add));
    return new Report("Examined model", verdict(), caveats(), provenance, sections);
  }

  private String verdict() {
    List<String> moved = new ArrayList<>();
    int measures = 0;
    for (String task : results.keySet()) {
      for (Map.Entry<String, List<PairedChange>> each : changes(task).entrySet()) {
        for (PairedChange change : each.getValue()) {
          measures++;
          change
              .change()
              .filter(c -> c.low() > 0 || c.high() < 0)
              .ifPresent(c -> moved.add(said(task, each.getKey(), change, c)));
        }
      }
    }
    if (references.isEmpty()) {
      return results.size() + " tasks in one condition; nothing to compare with.";
    }
    return String.format(
        Locale.ROOT,
        "%d of %d paired measures moved beyond their 95 %% intervals%s",
        moved.size(),
        measures,
        moved.isEmpty() ? "." : ": " + String.join("; ", moved) + ".");
  }

  private static String said(String task, String condition, PairedChange change, Estimate moved) {
    return String.format(
        Locale.ROOT,
        "%s %s %.3f → %.3f under %s (%+.3f [%+.3f, %+.3f])",
        task,
        change.measure(),
        change.before(),
        change.after(),
        condition,
        moved.value(),
        moved.low(),
        moved.high());
  }

  private List<String> caveats() {
    List<String> caveats = new ArrayList<>();
    results.forEach(
        (task, own) ->
            own.forEach(
                (condition, each) -> {
                  if (each.unparsed() > 0) {
                    caveats.add(
                        task
                            + " under "
                            + condition
                            + ": "
                            + each.unparsed()
                            + " of "
                            + each.items().size()
                            + " answers could not be read; they are in no mean and were not"
                            + " guessed.");
                  }
                }));
    if (references.size() > 0) {
      caveats.add("Intervals are for one measure each; with many of them some move by chance.");
    }
    return caveats;
  }

  private Section overview() {
    List<List<Object>> rows = new ArrayList<>();
    results.forEach(
        (task, own) ->
            own.forEach(
                (condition, each) -> {
                  for (String measure : each.measures()) {
                    rows.add(
                        List.of(
                            task,
                            condition,
                            measure,
                            mean(measure, each.values(measure)),
                            each.unparsed()));
                  }
                  icat(each)
                      .ifPresent(
                          icat ->
                              rows.add(
                                  List.of(
                                      task,
                                      condition,
                                      "icat",
                                      Estimate.of(icat, each.items().size()),
                                      each.unparsed())));
                }));
    return new Section(
        "Measures",
        List.of("Means over the items that could be read. Each item is in items.jsonl."),
        List.of("task", "condition", "measure", "mean", "unparsed"),
        rows,
        plots());
  }

  private Estimate mean(String measure, double[] values) {
    if (PairedChange.binary(measure, Arrays.stream(values))) {
      long k = Math.round(Arrays.stream(values).sum());
      return Binomial.estimate(k, values.length, CONFIDENCE);
    }
    return values.length < 2
        ? Estimate.of(values[0], 1)
        : new GroupBootstrap(DRAWS, CONFIDENCE, seed).mean(values);
  }

  private static Optional<Double> icat(TaskResults results) {
    if (!results.measures().containsAll(List.of("meaningful", "stereotype"))) {
      return Optional.empty();
    }
    double meaningful = Arrays.stream(results.values("meaningful")).average().orElseThrow();
    double stereotype = Arrays.stream(results.values("stereotype")).average().orElseThrow();
    return Optional.of(StereoTask.icat(meaningful, stereotype));
  }

  private List<Plot> plots() {
    List<String> categories = new ArrayList<>();
    Map<String, List<Estimate>> values = new LinkedHashMap<>();
    results.forEach(
        (task, own) -> {
          List<String> measures = own.values().iterator().next().measures();
          measures.forEach(measure -> categories.add(task + " " + measure));
          own.forEach(
              (condition, each) ->
                  measures.forEach(
                      measure ->
                          values
                              .computeIfAbsent(condition, c -> new ArrayList<>())
                              .add(estimate(each, measure))));
        });
    if (categories.isEmpty()) {
      return List.of();
    }
    List<Series> series = new ArrayList<>();
    values.forEach((condition, all) -> series.add(series(condition, all)));
    return List.of(new Plot.Bars("measures", "Measures", "", "mean", categories, series));
  }

  private Estimate estimate(TaskResults results, String measure) {
    double[] values = results.values(measure);
    return values.length == 0 ? null : mean(measure, values);
  }

  private static Series series(String condition, List<Estimate> all) {
    double[] x = new double[all.size()];
    double[] y = new double[all.size()];
    double[] low = new double[all.size()];
    double[] high = new double[all.size()];
    for (int i = 0; i < y.length; i++) {
      Estimate each = all.get(i);
      x[i] = i;
      y[i] = each == null ? Double.NaN : each.value();
      low[i] = each == null ? Double.NaN : each.low();
      high[i] = each == null ? Double.NaN : each.high();
    }
    return new Series(condition, x, y, low, high);
  }

  private Section task(String task) {
    List<List<Object>> rows = new ArrayList<>();
    changes(task)
        .forEach(
            (condition, changes) ->
                changes.forEach(
                    each ->
                        rows.add(
                            List.of(
                                references.get(condition) + " → " + condition,
                                each.measure(),
                                each.pairs(),
                                each.missing(),
                                each.before(),
                                each.after(),
                                each.change().<Object>map(c -> c).orElse("–"),
                                each.gained(),
                                each.lost(),
                                each.p().isPresent() ? (Object) each.p().getAsDouble() : "–"))));
    return new Section(
        "Change in " + task,
        stated.get(task),
        List.of(
            "conditions",
            "measure",
            "pairs",
            "without a pair",
            "before",
            "after",
            "change",
            "gained",
            "lost",
            "McNemar p"),
        rows);
  }

  private Optional<Section> groups(String task, Map<String, TaskResults> own) {
    List<List<Object>> rows = new ArrayList<>();
    own.forEach(
        (condition, each) ->
            each.groups()
                .forEach(
                    (group, part) ->
                        part.measures()
                            .forEach(
                                measure ->
                                    rows.add(
                                        List.of(
                                            group,
                                            condition,
                                            measure,
                                            mean(measure, part.values(measure)))))));
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "Groups of " + task,
                List.of(),
                List.of("group", "condition", "measure", "mean"),
                rows));
  }
}
