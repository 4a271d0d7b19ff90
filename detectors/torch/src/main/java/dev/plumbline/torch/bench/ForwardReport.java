package dev.plumbline.torch.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.torch.runtime.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@link ForwardBench} found.
 *
 * @param reading by precision, then by batch size
 * @param generation by precision
 * @param host where it ran
 * @param notes what a reader must know to judge the figures
 */
public record ForwardReport(
    Map<Precision, Map<Integer, Reading>> reading,
    Map<Precision, Generation> generation,
    HostFacts host,
    List<String> notes) {

  /**
   * Reading speed and the most the machine allows, in tokens a second.
   *
   * @param roofline measured in the same run
   */
  public record Reading(double tokensPerSecond, double roofline) {
    /** Share of the roofline. */
    public double share() {
      return tokensPerSecond / roofline;
    }
  }

  /**
   * Generation speed of one answer, in tokens a second.
   *
   * @param watchedOverPlain median of the pairs' own ratios, 95 % over the pairs
   * @param floor the same of plain over itself
   */
  public record Generation(
      double plain, double watched, double roofline, Estimate watchedOverPlain, Estimate floor) {
    /** Share of the roofline, plain. */
    public double share() {
      return plain / roofline;
    }
  }

  public ForwardReport {
    notes = List.copyOf(notes);
  }

  /** The batch whose figure stands in the file's {@code reading}: the largest. */
  private static Reading headline(Map<Integer, Reading> batches) {
    return batches.get(batches.keySet().stream().mapToInt(b -> b).max().orElseThrow());
  }

  /** The file's JSON. */
  public ObjectNode toJson() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    ObjectNode read = json.putObject("reading");
    reading.forEach((dtype, all) -> put(read.putObject(dtype.wireName()), headline(all)));
    ObjectNode generate = json.putObject("generation");
    generation.forEach((dtype, figures) -> put(generate.putObject(dtype.wireName()), figures));
    ObjectNode batches = json.putObject("reading_by_batch");
    reading.forEach(
        (dtype, all) -> {
          ObjectNode sizes = batches.putObject(dtype.wireName());
          all.forEach((batch, figures) -> put(sizes.putObject(batch.toString()), figures));
        });
    host.into(json);
    notes.forEach(json.putArray("notes")::add);
    return json;
  }

  private static void put(ObjectNode into, Reading figures) {
    into.put("tokens_per_s", figures.tokensPerSecond())
        .put("roofline_tokens_per_s", figures.roofline());
  }

  private static void put(ObjectNode into, Generation figures) {
    into.put("plain", figures.plain())
        .put("watched", figures.watched())
        .put("roofline", figures.roofline());
    put(into, "watched_over_plain", figures.watchedOverPlain());
    put(into, "floor", figures.floor());
  }

  private static void put(ObjectNode into, String name, Estimate figure) {
    into.put(name, figure.value());
    into.putArray(name + "_interval").add(figure.low()).add(figure.high());
  }

  /** Writes the JSON file. */
  public void write(Path file) {
    try {
      Files.writeString(file, toJson().toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The figures for a person. */
  public String table() {
    StringBuilder text = new StringBuilder();
    reading.forEach(
        (dtype, all) ->
            all.forEach(
                (batch, r) ->
                    text.append(
                        String.format(
                            Locale.ROOT,
                            "reading    %-9s batch %d %10.1f tokens/s, roofline %10.1f, share %.2f%n",
                            dtype.wireName(),
                            batch,
                            r.tokensPerSecond(),
                            r.roofline(),
                            r.share()))));
    generation.forEach(
        (dtype, g) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "generation %-9s plain %7.2f tokens/s, watched %7.2f, roofline %7.2f, share %.2f,"
                        + " watched/plain %s, floor %s%n",
                    dtype.wireName(),
                    g.plain(),
                    g.watched(),
                    g.roofline(),
                    g.share(),
                    of(g.watchedOverPlain()),
                    of(g.floor()))));
    return text.toString();
  }

  private static String of(Estimate figure) {
    return String.format(
        Locale.ROOT, "%.3f [%.3f, %.3f]", figure.value(), figure.low(), figure.high());
  }
}
