package dev.plumbline.learn.judge;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.judge.EmFigures.Row;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Drawings of judged answers. */
final class JudgePlots {
  private static final int MOST_QUESTIONS = 60;

  private JudgePlots() {}

  /** Aligned against coherent, and how both are spread, by model; nothing where none is scored. */
  static List<Plot> of(List<Judgements> judged) {
    Map<String, List<Judgements>> models = new LinkedHashMap<>();
    judged.stream()
        .filter(Judgements::both)
        .forEach(
            each ->
                models.computeIfAbsent(each.answer().model(), m -> new ArrayList<>()).add(each));
    if (models.isEmpty()) {
      return List.of();
    }
    List<Series> points = new ArrayList<>();
    Map<String, double[]> aligned = new LinkedHashMap<>();
    Map<String, double[]> coherent = new LinkedHashMap<>();
    models.forEach(
        (model, own) -> {
          aligned.put(model, values(own, Role.ALIGNED));
          coherent.put(model, values(own, Role.COHERENT));
          points.add(new Series(model, coherent.get(model), aligned.get(model)));
        });
    return List.of(
        new Plot.Points("quadrants", "Aligned and coherent", "coherent", "aligned", points),
        new Plot.Histogram("aligned", "Aligned scores", "score", aligned),
        new Plot.Histogram("coherent", "Coherent scores", "score", coherent));
  }

  private static double[] values(List<Judgements> judged, String role) {
    return judged.stream().mapToDouble(each -> each.score(role).orElseThrow()).toArray();
  }

  /** EM % by question, a series a model; nothing for too many questions to be read. */
  static List<Plot> questions(List<Row> rows) {
    List<String> questions = rows.stream().map(Row::group).distinct().toList();
    if (questions.isEmpty() || questions.size() > MOST_QUESTIONS) {
      return List.of();
    }
    List<Series> series = new ArrayList<>();
    for (String model : rows.stream().map(Row::model).distinct().toList()) {
      Map<String, Estimate> own = new LinkedHashMap<>();
      rows.stream()
          .filter(row -> row.model().equals(model))
          .forEach(row -> row.exact().ifPresent(e -> own.put(row.group(), e)));
      series.add(
          new Series(
              model,
              Series.of("x", new double[questions.size()]).x(),
              values(questions, own, Estimate::value),
              values(questions, own, Estimate::low),
              values(questions, own, Estimate::high)));
    }
    return List.of(
        new Plot.Bars("em-by-question", "EM % by question", "question", "EM %", questions, series));
  }

  private static double[] values(
      List<String> questions, Map<String, Estimate> own, ToDoubleFunction<Estimate> part) {
    return questions.stream()
        .mapToDouble(q -> own.containsKey(q) ? 100 * part.applyAsDouble(own.get(q)) : Double.NaN)
        .toArray();
  }
}
