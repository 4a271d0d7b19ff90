package dev.plumbline.agent.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The figures of {@code bench proxy}, as a table and as JSON. */
final class ProxyReport {
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final List<Stream> streams = new ArrayList<>();
  private final List<Followed> followed = new ArrayList<>();
  private Optional<ObjectNode> slow = Optional.empty();
  private Optional<PairedCost.Cost> fleet = Optional.empty();
  private final List<String> notes = new ArrayList<>();

  /**
   * One contender.
   *
   * @param perSecond requests answered a second
   * @param cpuMillis processor time of its process a request
   * @param scoredShare verdicts with a score over requests, where it scores
   * @param tokensPerSecond read, where it reads
   * @param lag from an answer's end to its verdict, where it scores
   */
  record Row(
      double perSecond,
      double p50Millis,
      double p99Millis,
      double cpuMillis,
      OptionalDouble scoredShare,
      OptionalDouble tokensPerSecond,
      Optional<VerdictLag> lag) {}

  /**
   * Streams that a reader follows.
   *
   * @param tokensPerSecond that came
   * @param scoredShare verdicts with a score over streams
   */
  record Followed(int concurrent, double tokensPerSecond, double scoredShare, VerdictLag lag) {}

  /**
   * Streams through the agent against straight from the origin; medians of what a token takes
   * longer.
   */
  record Stream(int concurrent, double firstAdded, double gapAdded, double residentMib, int lost) {}

  void add(String name, Row row) {
    rows.put(name, row);
  }

  void add(Stream stream) {
    streams.add(stream);
  }

  void add(Followed streams) {
    followed.add(streams);
  }

  /** Streams that are open for long. */
  void slow(int concurrent, double residentMib, int lost, int descriptors) {
    slow =
        Optional.of(
            new ObjectMapper()
                .createObjectNode()
                .put("concurrent", concurrent)
                .put("rss_mib", residentMib)
                .put("lost", lost)
                .put("descriptors", descriptors));
  }

  /** The agent in a fleet against itself without one. */
  void fleet(PairedCost.Cost cost) {
    fleet = Optional.of(cost);
  }

  void note(String note) {
    notes.add(note);
  }

  Row row(String name) {
    return rows.get(name);
  }

  String table() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%-17s %10s %9s %9s %12s %8s %10s %15s",
        "",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "CPU ms/req",
        "scored",
        "tokens/s",
        "verdict p99 ms");
    rows.forEach(
        (name, row) ->
            line(
                text,
                "%-17s %10.0f %9.3f %9.3f %12.4f %8s %10s %15s",
                name,
                row.perSecond(),
                row.p50Millis(),
                row.p99Millis(),
                row.cpuMillis(),
                text(row.scoredShare(), "%.3f"),
                text(row.tokensPerSecond(), "%.0f"),
                row.lag().map(lag -> String.format(Locale.ROOT, "%.1f", lag.p99())).orElse("–")));
    for (Stream stream : streams) {
      line(
          text,
          "%5d streams       first token %+.2f ms, later ones %+.3f ms, agent %.0f MiB resident, %d lost",
          stream.concurrent(),
          stream.firstAdded(),
          stream.gapAdded(),
          stream.residentMib(),
          stream.lost());
    }
    for (Followed some : followed) {
      line(
          text,
          "%5d read streams  %.0f tokens/s, scored %.3f, verdict %.1f ms after the end (p99 %.1f)",
          some.concurrent(),
          some.tokensPerSecond(),
          some.scoredShare(),
          some.lag().p50(),
          some.lag().p99());
    }
    fleet.ifPresent(
        cost ->
            line(
                text,
                "off_fleet / off    CPU a request x %.3f (off / off %.3f), requests/s x %.3f (%.3f), median of %d",
                cost.cpu(),
                cost.cpuFloor(),
                cost.rate(),
                cost.rateFloor(),
                cost.rounds()));
    notes.forEach(note -> line(text, "%s", note));
    return text.toString();
  }

  private static String text(OptionalDouble value, String format) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "–";
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  ObjectNode json() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    rows.forEach((name, row) -> put(root.putObject(name), row));
    ArrayNode list = root.putArray("streams");
    for (Stream stream : streams) {
      list.addObject()
          .put("concurrent", stream.concurrent())
          .put("ttft_added_ms", stream.firstAdded())
          .put("gap_added_ms", stream.gapAdded())
          .put("rss_mib", stream.residentMib())
          .put("lost", stream.lost());
    }
    ArrayNode read = root.putArray("read_streams");
    for (Followed some : followed) {
      put(
          read.addObject()
              .put("concurrent", some.concurrent())
              .put("tokens_per_s", some.tokensPerSecond())
              .put("scored_share", some.scoredShare()),
          some.lag());
    }
    slow.ifPresent(node -> root.set("slow_streams", node));
    fleet.ifPresent(
        cost ->
            root.putObject("off_fleet")
                .put("against", "off")
                .put("rounds", cost.rounds())
                .put("cpu_ratio", cost.cpu())
                .put("cpu_ratio_floor", cost.cpuFloor())
                .put("rps_ratio", cost.rate())
                .put("rps_ratio_floor", cost.rateFloor()));
    ArrayNode said = root.putArray("notes");
    notes.forEach(said::add);
    return root;
  }

  private static void put(ObjectNode into, Row row) {
    into.put("rps", row.perSecond())
        .put("p50_ms", row.p50Millis())
        .put("p99_ms", row.p99Millis())
        .put("cpu_ms_per_request", row.cpuMillis());
    row.scoredShare().ifPresent(share -> into.put("scored_share", share));
    row.tokensPerSecond().ifPresent(rate -> into.put("reader_tokens_per_s", rate));
    row.lag().ifPresent(lag -> put(into, lag));
  }

  private static void put(ObjectNode into, VerdictLag lag) {
    into.put("verdict_p50_ms", lag.p50()).put("verdict_p99_ms", lag.p99());
  }
}
