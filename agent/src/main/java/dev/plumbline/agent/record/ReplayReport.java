package dev.plumbline.agent.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.DirectionReading;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What a replay found, for a person and for a program. */
final class ReplayReport {
  private static final String ROW = "%-38s %-16s %8s %8s%s  %s";

  private final List<Replay.Line> lines;
  private final List<Integer> bad;

  /** Directions read beside the one that judges, by name; a column each. */
  private final SortedSet<String> beside = new TreeSet<>();

  /**
   * @param bad lines of the file that were no exchange
   */
  ReplayReport(List<Replay.Line> lines, List<Integer> bad) {
    this.lines = lines;
    this.bad = bad;
    lines.forEach(line -> beside.addAll(line.now().directions().keySet()));
  }

  String table(int most) {
    StringBuilder text = new StringBuilder();
    line(text, ROW, "exchange", "model", "was", "is", columns(name -> name), "verdict");
    lines.stream().limit(most).forEach(line -> row(text, line));
    if (lines.size() > most) {
      line(text, "… %d more; --json FILE has them all", lines.size() - most);
    }
    line(text, "");
    line(
        text,
        "%d exchanges: %d scored, %d drifted (before: %d), %d changed their verdict",
        lines.size(),
        scored(),
        count("drifted"),
        lines.stream().filter(l -> l.recorded().verdict().equals("drifted")).count(),
        lines.stream().filter(ReplayReport::changed).count());
    if (!unscored().isEmpty()) {
      line(text, "unscored: %s", unscored());
    }
    if (!bad.isEmpty()) {
      line(text, "lines that are no exchange: %s", bad.stream().limit(10).toList());
    }
    return text.toString();
  }

  /** One column for each direction beside, as wide as its name. */
  private String columns(UnaryOperator<String> cell) {
    return beside.stream()
        .map(name -> String.format(" %" + Math.max(8, name.length()) + "s", cell.apply(name)))
        .collect(Collectors.joining());
  }

  private static OptionalDouble score(Replay.Line line, String name) {
    DirectionReading found = line.now().directions().get(name);
    return found == null ? OptionalDouble.empty() : found.score();
  }

  private void row(StringBuilder text, Replay.Line line) {
    line(
        text,
        ROW,
        line.recorded().id(),
        line.recorded().model(),
        number(line.recorded().score()),
        number(line.now().score()),
        columns(name -> number(score(line, name))),
        line.now().verdict().wireName()
            + line.now().reason().map(reason -> "(" + reason.wireName() + ")").orElse(""));
  }

  private static boolean changed(Replay.Line line) {
    return !line.recorded().verdict().equals(line.now().verdict().wireName());
  }

  long scored() {
    return lines.stream().filter(line -> line.now().score().isPresent()).count();
  }

  private long count(String verdict) {
    return lines.stream().filter(l -> l.now().verdict().wireName().equals(verdict)).count();
  }

  private Map<String, Long> unscored() {
    return lines.stream()
        .flatMap(line -> line.now().reason().stream())
        .collect(
            Collectors.groupingBy(
                reason -> reason.wireName(), TreeMap::new, Collectors.counting()));
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : "–";
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("exchanges", lines.size()).put("scored", scored()).put("drifted", count("drifted"));
    ObjectNode reasons = root.putObject("unscored");
    unscored().forEach(reasons::put);
    ArrayNode numbers = root.putArray("bad_lines");
    bad.forEach(numbers::add);
    ArrayNode all = root.putArray("readings");
    for (Replay.Line line : lines) {
      ObjectNode one = all.addObject().put("id", line.recorded().id());
      one.put("verdict_before", line.recorded().verdict());
      one.put("verdict", line.now().verdict().wireName());
      one.put("reason", line.now().reason().map(reason -> reason.wireName()).orElse(null));
      put(one, "score_before", line.recorded().score());
      put(one, "score", line.now().score());
      one.put("direction", line.now().direction().orElse(null));
      one.put("tokens", line.now().tokensScored());
      directions(one, line);
    }
    return root;
  }

  /** What each direction beside says: its score before, where that was recorded, and now. */
  private static void directions(ObjectNode one, Replay.Line line) {
    ObjectNode all = one.putObject("directions");
    line.now()
        .directions()
        .forEach(
            (name, found) -> {
              ObjectNode each = all.putObject(name).put("verdict", found.verdict().wireName());
              Double before = line.recorded().beside().get(name);
              each.put("score_before", before);
              put(each, "score", found.score());
              put(each, "z", found.z());
            });
  }

  private static void put(ObjectNode into, String name, OptionalDouble value) {
    if (value.isPresent()) {
      into.put(name, value.getAsDouble());
    } else {
      into.putNull(name);
    }
  }
}
