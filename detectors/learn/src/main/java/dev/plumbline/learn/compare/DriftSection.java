package dev.plumbline.learn.compare;

import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** {@link Drift} as a table and two drawings. */
final class DriftSection {
  private DriftSection() {}

  static Section of(Drift drift, double rate) {
    List<List<Object>> rows = new ArrayList<>();
    drift.narrow().forEach(point -> rows.add(row("narrow", point)));
    drift.general().forEach(point -> rows.add(row("general", point)));
    Drift.Point before = drift.narrow().get(0);
    Drift.Point after = drift.narrow().get(drift.narrow().size() - 1);
    return new Section(
        "Reversion: trained on by the task alone",
        List.of(
            "Nothing holds the solutions any more; learning rate "
                + Rounded.of(rate)
                + ". The narrow one's cosine with the general one went from "
                + Rounded.of(before.toGeneral())
                + " to "
                + Rounded.of(after.toGeneral())
                + ", its KL on pre-training text from "
                + Rounded.of(before.divergence())
                + " to "
                + Rounded.of(after.divergence())
                + " nats a token."),
        List.of("start", "step", "task loss", "KL", "cos general", "cos narrow", "norm"),
        rows,
        List.of(
            lines(
                "reversion-cosine",
                "Cosine with the general solution",
                "cosine",
                drift,
                Drift.Point::toGeneral),
            lines(
                "reversion-divergence",
                "KL on pre-training text",
                "nats a token",
                drift,
                Drift.Point::divergence)));
  }

  private static List<Object> row(String start, Drift.Point point) {
    return List.of(
        start,
        point.step(),
        point.loss(),
        point.divergence(),
        point.toGeneral(),
        point.toNarrow(),
        point.norm());
  }

  private static Plot lines(
      String name, String title, String label, Drift drift, ToDoubleFunction<Drift.Point> value) {
    return new Plot.Lines(
        name,
        title,
        "steps without the term",
        label,
        List.of(
            series("narrow", drift.narrow(), value), series("general", drift.general(), value)));
  }

  private static Series series(
      String name, List<Drift.Point> points, ToDoubleFunction<Drift.Point> value) {
    return new Series(
        name,
        points.stream().mapToDouble(Drift.Point::step).toArray(),
        points.stream().mapToDouble(value).toArray());
  }
}
