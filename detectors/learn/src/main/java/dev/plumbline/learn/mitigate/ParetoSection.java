package dev.plumbline.learn.mitigate;

import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.List;

/** The table and the drawing of a sweep. */
final class ParetoSection {
  private ParetoSection() {}

  static Section of(Findings findings) {
    Pareto pareto = findings.pareto();
    String chosen = findings.chosen().map(Setting::name).orElse("");
    List<List<Object>> rows = new ArrayList<>();
    for (Pareto.Point point : pareto.points()) {
      rows.add(
          List.of(
              point.name(),
              point.misaligned(),
              point.incoherent(),
              point.cost(),
              mark(pareto, point, chosen)));
    }
    return new Section(
        "Settings, on the questions that choose",
        List.of(
            "Front: no other setting leaves less and costs less. Chosen: the lowest KL among those"
                + " whose interval of misaligned reaches the lowest share. A setting that makes"
                + " answers incoherent is not chosen: it leaves few misaligned answers because it"
                + " leaves few answers."),
        List.of("setting", "misaligned", "incoherent", "KL a token", "is"),
        rows,
        List.of(plot(pareto, chosen)));
  }

  private static String mark(Pareto pareto, Pareto.Point point, String chosen) {
    if (pareto.breaks(point)) {
      return "incoherent";
    }
    String front = pareto.front(point) ? "front" : "dominated";
    return point.name().equals(chosen) ? front + ", chosen" : front;
  }

  private static Plot plot(Pareto pareto, String chosen) {
    List<Series> series = new ArrayList<>();
    List<Pareto.Point> others = pareto.points().stream().filter(p -> !is(p, chosen)).toList();
    add(series, "front", others.stream().filter(pareto::front).toList());
    add(series, "dominated", others.stream().filter(p -> !pareto.front(p)).toList());
    add(series, "chosen", pareto.points().stream().filter(p -> is(p, chosen)).toList());
    return new Plot.Points(
        "pareto", "Misaligned share against cost", "KL a token, nats", "share misaligned", series);
  }

  private static boolean is(Pareto.Point point, String chosen) {
    return point.name().equals(chosen);
  }

  private static void add(List<Series> series, String name, List<Pareto.Point> points) {
    if (!points.isEmpty()) {
      series.add(
          new Series(
              name,
              points.stream().mapToDouble(p -> p.cost().value()).toArray(),
              points.stream().mapToDouble(p -> p.misaligned().value()).toArray(),
              points.stream().mapToDouble(p -> p.misaligned().low()).toArray(),
              points.stream().mapToDouble(p -> p.misaligned().high()).toArray()));
    }
  }
}
