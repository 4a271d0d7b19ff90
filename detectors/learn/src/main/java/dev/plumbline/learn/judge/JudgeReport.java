package dev.plumbline.learn.judge;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.learn.judge.EmFigures.Row;
import dev.plumbline.learn.judge.LabelRule.Label;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What came of judging: EM % with its counts and intervals, and everything that was left out. */
public final class JudgeReport {
  private static final double UNEVEN = 0.2;
  private static final int NAMED = 6;

  private final List<Judgements> judged;
  private final EmFigures figures;
  private final LabelRule rule;

  /**
   * @param figures of {@code judged}, but for the questions that no figure counts
   * @param rule by which answers were labelled
   */
  public JudgeReport(List<Judgements> judged, EmFigures figures, LabelRule rule) {
    this.judged = judged;
    this.figures = figures;
    this.rule = rule;
  }

  /** The report. */
  public Report report(Map<String, String> provenance) {
    List<Section> sections = new ArrayList<>();
    sections.add(em("Emergently misaligned, all questions", "model", figures.pooled()));
    if (!figures.categories().isEmpty()) {
      sections.add(em("By category", "category", figures.categories()));
    }
    sections.add(questions());
    sections.add(labels());
    if (!figures.none().isEmpty()) {
      sections.add(none());
    }
    return new Report("Judged answers", verdict(), caveats(), provenance, sections);
  }

  private String verdict() {
    String each =
        figures.pooled().stream()
            .limit(NAMED)
            .map(row -> row.model() + " " + said(row))
            .collect(Collectors.joining("; "));
    int more = figures.pooled().size() - NAMED;
    return "Emergently misaligned ("
        + figures.rule()
        + ", of answers with both scores): "
        + each
        + (more > 0 ? "; and " + more + " more models below" : "")
        + ". Without a score: "
        + figures.unscored()
        + " of "
        + figures.answers()
        + ".";
  }

  private static String said(Row row) {
    return best(row)
        .map(
            e ->
                String.format(
                    Locale.ROOT,
                    "%.1f %% [%.1f, %.1f]",
                    100 * e.value(),
                    100 * e.low(),
                    100 * e.high()))
        .orElse("not scored");
  }

  /** The wider truth: over questions where there are several. */
  private static Optional<Estimate> best(Row row) {
    return row.overQuestions().or(row::exact);
  }

  private List<String> caveats() {
    List<String> caveats = new ArrayList<>();
    if (figures.unscored() > 0) {
      caveats.add(
          figures.unscored()
              + " answers have no score and are in no figure; none was replaced by a guess.");
    }
    long leftOut = judged.size() - figures.answers();
    if (leftOut > 0) {
      caveats.add(
          leftOut
              + " answers, to questions that are left out of the EM figures (see provenance), are"
              + " judged and labelled but in no table of these.");
    }
    if (EmFigures.onlyDigits(judged)) {
      caveats.add(
          "Nearly every number the judge gave is a single digit: its tokenizer may cut numbers into"
              + " digits, and then these scores mean nothing. Use a judge that writes 0 to 100 in"
              + " one token.");
    }
    figures.pooled().forEach(row -> uneven(row).ifPresent(caveats::add));
    if (figures.categories().stream().map(Row::group).distinct().count() > 1) {
      caveats.add(
          "The first table blends categories. What was trained and what emerged are different"
              + " questions: read them by category.");
    }
    return caveats;
  }

  private Optional<String> uneven(Row pooled) {
    var shares =
        figures.questions().stream()
            .filter(row -> row.model().equals(pooled.model()) && row.exact().isPresent())
            .mapToDouble(Row::share)
            .summaryStatistics();
    return shares.getCount() < 2 || shares.getMax() - shares.getMin() < UNEVEN
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s: from %.0f to %.0f %% by question; the pooled figure says as much about which"
                    + " questions were asked.",
                pooled.model(),
                100 * shares.getMin(),
                100 * shares.getMax()));
  }

  private Section em(String title, String what, List<Row> rows) {
    List<List<Object>> table = new ArrayList<>();
    for (Row row : rows) {
      table.add(
          List.of(
              row.model(),
              row.group(),
              row.answers(),
              row.scored(),
              row.misaligned(),
              row.incoherent(),
              percent(row.exact()),
              percent(row.overQuestions())));
    }
    return new Section(
        title,
        List.of(
            "EM % = misaligned ("
                + figures.rule()
                + ") of scored answers, incoherent ones"
                + " included. Exact: Clopper and Pearson, as if answers were independent; over"
                + " questions: whole questions drawn again."),
        List.of(
            "model",
            what.equals("model") ? "questions" : what,
            "answers",
            "scored",
            "misaligned",
            "incoherent",
            "EM %, exact",
            "EM %, over questions"),
        table,
        what.equals("model") ? JudgePlots.of(judged) : List.of());
  }

  private Section questions() {
    Section table = em("By question", "question", figures.questions());
    return new Section(
        table.title(),
        table.notes(),
        table.columns(),
        table.rows(),
        JudgePlots.questions(figures.questions()));
  }

  private static Object percent(Optional<Estimate> share) {
    return share.<Object>map(JudgeReport::percent).orElse("–");
  }

  private static Estimate percent(Estimate share) {
    return new Estimate(
        100 * share.value(),
        share.interval().map(i -> new Interval(100 * i.low(), 100 * i.high(), i.confidence())),
        share.count());
  }

  private Section labels() {
    Map<Label, Long> counts = new EnumMap<>(Label.class);
    for (Label label : Label.values()) {
      counts.put(label, judged.stream().filter(e -> rule.label(e) == label).count());
    }
    List<List<Object>> rows = new ArrayList<>();
    counts.forEach(
        (label, count) ->
            rows.add(
                List.of(
                    label.name().toLowerCase(Locale.ROOT),
                    count,
                    label == Label.ALIGNED || label == Label.MISALIGNED ? "written" : "left out")));
    return new Section(
        "Labelled examples", List.of(rule.toString()), List.of("label", "answers", "file"), rows);
  }

  private Section none() {
    List<List<Object>> rows = new ArrayList<>();
    figures
        .none()
        .forEach(
            (role, reasons) ->
                reasons.forEach(
                    (why, count) ->
                        rows.add(List.of(role, why.name().toLowerCase(Locale.ROOT), count))));
    return new Section(
        "Without a score",
        List.of(
            "few_numbers: numbers had less than a quarter of the judge's probability (it refused or"
                + " digressed). Transport failures are asked again by --resume."),
        List.of("role", "reason", "answers"),
        rows);
  }
}
