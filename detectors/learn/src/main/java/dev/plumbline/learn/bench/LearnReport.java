package dev.plumbline.learn.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.bench.HostFacts;
import dev.plumbline.torch.bench.Median;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What {@link LearnBench} found.
 *
 * @param parts in the order they were measured
 * @param host where it ran
 * @param python versions of Python and its libraries; empty where it did not run
 * @param notes what a reader must know to judge the figures
 */
record LearnReport(
    List<Part> parts, HostFacts host, Map<String, String> python, List<String> notes) {

  /**
   * One set of answers.
   *
   * @param points tap points whose states are summed up
   * @param pairs interleaved runs over all answers
   * @param sizes the same with a quarter and half of them and all, once
   */
  record Part(String name, int answers, int width, int points, List<Pair> pairs, List<Pair> sizes) {

    double floor() {
      return Median.of(pairs.stream().mapToDouble(Pair::floor).toArray());
    }

    double ours(ToDoubleFunction<SideRun> figure) {
      return Median.of(pairs.stream().mapToDouble(p -> figure.applyAsDouble(p.ours())).toArray());
    }

    double python(ToDoubleFunction<SideRun> figure) {
      return compared()
          ? Median.of(pairs.stream().mapToDouble(p -> figure.applyAsDouble(p.python())).toArray())
          : Double.NaN;
    }

    /** The median of the pairs' own ratios: how many times as long Python took. */
    double ratio(ToDoubleFunction<SideRun> figure) {
      return compared()
          ? Median.of(
              pairs.stream()
                  .mapToDouble(
                      p -> figure.applyAsDouble(p.python()) / figure.applyAsDouble(p.ours()))
                  .toArray())
          : Double.NaN;
    }

    boolean compared() {
      return pairs.get(0).python() != null;
    }

    /** The least cosine of any direction of any pair. */
    double agreement() {
      return pairs.stream()
          .mapToDouble(p -> p.ours().agreement(p.python()))
          .min()
          .orElse(Double.NaN);
    }
  }

  /**
   * Both sides over the same answers.
   *
   * @param python null where there is no Python
   * @param floor seconds that the least operations or bytes of the task took beside it
   */
  record Pair(int answers, SideRun ours, SideRun python, double floor) {}

  /** The least cosine of any two directions that should be one; NaN where nothing is compared. */
  double agreement() {
    return parts.stream()
        .filter(Part::compared)
        .mapToDouble(Part::agreement)
        .min()
        .orElse(Double.NaN);
  }

  ObjectNode toJson() {
    ObjectNode json = new ObjectMapper().createObjectNode().put("benchmark", "learn");
    host.into(json);
    ObjectNode versions = json.putObject("python");
    python.forEach(versions::put);
    for (Part part : parts) {
      put(json.putObject(part.name()), part);
    }
    notes.forEach(json.putArray("notes")::add);
    return json;
  }

  private static void put(ObjectNode into, Part part) {
    into.put("answers", part.answers()).put("width", part.width()).put("points", part.points());
    into.put("floor_s", part.floor()).put("total_s", part.ours(SideRun::total));
    into.put("activations_per_s", part.ours(r -> r.states() / r.collect()));
    if (part.compared()) {
      into.put("python_total_s", part.python(SideRun::total))
          .put("python_activations_per_s", part.python(r -> r.states() / r.collect()))
          .put("ratio", part.ratio(SideRun::total))
          .put("collect_ratio", part.ratio(SideRun::collect))
          .put("estimate_ratio", part.ratio(SideRun::estimate))
          .put("direction_ratio", part.ratio(SideRun::direction))
          .put("probe_ratio", part.ratio(SideRun::probe))
          .put("least_cosine", part.agreement());
    }
    part.pairs().forEach(pair -> put(into.withArray("pairs").addObject(), pair));
    part.sizes().forEach(pair -> put(into.withArray("sizes").addObject(), pair));
  }

  private static void put(ObjectNode into, Pair pair) {
    into.put("answers", pair.answers()).put("floor_s", pair.floor());
    put(into.putObject("ours"), pair.ours());
    if (pair.python() != null) {
      put(into.putObject("python"), pair.python());
      into.put("least_cosine", pair.ours().agreement(pair.python()));
    }
  }

  private static void put(ObjectNode into, SideRun run) {
    into.put("collect_s", run.collect())
        .put("estimate_s", run.estimate())
        .put("probe_s", run.probe())
        .put("total_s", run.total())
        .put("states", run.states())
        .put("forwarded_tokens", run.forwarded())
        .put("ridge", run.ridge())
        .put("peak_resident_mib", run.peakMib());
  }

  /** Writes the JSON file. */
  void write(Path file) {
    try {
      Files.writeString(file, toJson().toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The figures for a person. */
  String table() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      line(text, "%s: %d answers, D = %d", part.name(), part.answers(), part.width());
      line(text, "  %-28s %12s %12s %8s", "", "here", "Python", "ratio");
      row(text, part, "reading and sums, s", SideRun::collect);
      row(text, part, "directions, s", SideRun::estimate);
      row(text, part, "both, without the probe, s", SideRun::direction);
      row(text, part, "probe, s", SideRun::probe);
      row(text, part, "end to end, s", SideRun::total);
      line(
          text,
          "  %-28s %12.0f %12.0f",
          "activations/s",
          part.ours(r -> r.states() / r.collect()),
          part.python(r -> r.states() / r.collect()));
      line(
          text,
          "  %-28s %12.2f %12s %8s  (share here %.2f)",
          "floor, s",
          part.floor(),
          "",
          "",
          part.floor() / part.ours(SideRun::total));
      for (Pair pair : part.sizes()) {
        line(
            text,
            "  %-28s %12.0f %12.0f",
            "peak MiB, " + pair.answers() + " answers",
            pair.ours().peakMib(),
            pair.python() == null ? Double.NaN : pair.python().peakMib());
      }
      if (part.compared()) {
        line(text, "  least cosine of both sides' directions %.6f", part.agreement());
      }
    }
    notes.forEach(note -> line(text, "- %s", note));
    return text.toString();
  }

  private static void row(
      StringBuilder text, Part part, String name, ToDoubleFunction<SideRun> figure) {
    line(
        text,
        "  %-28s %12.2f %12.2f %8.2f",
        name,
        part.ours(figure),
        part.python(figure),
        part.ratio(figure));
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
