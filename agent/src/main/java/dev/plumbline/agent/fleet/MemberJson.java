package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.mitigations.trigger.TriggerState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * A {@link MemberState} as JSON, wire version 1. Fields that are not known are skipped, so a later
 * build may add some; what it must not be misread in is a later version, which is refused before.
 * Every count, name and length is bounded before anything is made of it. Scores of minutes that are
 * none of the last, by a clock that is wrong, are left out and counted: what else its member says
 * counts all the same.
 */
final class MemberJson {
  static final int VERSION = 1;

  private static final int MOST_TEXT = 128;
  private static final long MOST_COUNT = 1L << 40;
  private static final int MINUTES_APART = 10;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}\u2028\u2029]");

  private MemberJson() {}

  static byte[] write(MemberState state) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("process", state.process()).put("beat", state.beat()).put("build", state.build());
    node.put("off", state.off());
    node.putObject("artefact")
        .put("name", state.artefact().name())
        .put("digest", state.artefact().digest())
        .put("state", state.artefact().state());
    ObjectNode findings = node.putObject("findings");
    state
        .findings()
        .forEach(
            (route, found) ->
                findings
                    .putObject(route)
                    .put("state", found.state().wireName())
                    .put("under", found.under()));
    ArrayNode sketches = node.putArray("sketches");
    state.sketches().forEach((series, sketch) -> write(sketches.addObject(), series, sketch));
    ObjectNode adapters = node.putObject("adapters");
    state.adapters().forEach(adapters::put);
    ArrayNode commands = node.putArray("commands");
    state.commands().forEach(signed -> commands.add(CommandJson.write(signed)));
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Counts as pairs of bin and count, zeros left out. */
  private static void write(ObjectNode node, Series series, Sketch sketch) {
    node.put("model", series.model()).put("direction", series.direction());
    ObjectNode minutes = node.putObject("minutes");
    sketch
        .cells()
        .forEach(
            (cell, counts) -> {
              ArrayNode pairs = minutes.putArray(Long.toString(cell.minute()));
              for (int bin = 0; bin < counts.length; bin++) {
                if (counts[bin] > 0) {
                  pairs.add(bin).add(counts[bin]);
                }
              }
            });
  }

  /**
   * What was read.
   *
   * @param untimely minutes of scores that are left out
   */
  record Read(MemberState state, int untimely) {}

  /**
   * Reads one.
   *
   * @param minute it is now
   * @throws WireRefusal {@link Refusal#GARBAGE} when any part of it is out of bounds
   */
  static Read read(byte[] text, long minute) {
    JsonNode node = StrictJson.object(text, Fleet.MOST_BYTES);
    String process = name(node.path("process"));
    Map<String, Finding> findings = new TreeMap<>();
    each(node.path("findings"), (route, found) -> findings.put(route, finding(found)));
    Map<String, String> adapters = new TreeMap<>();
    each(node.path("adapters"), (origin, state) -> adapters.put(origin, name(state)));
    JsonNode artefact = node.path("artefact");
    AtomicInteger untimely = new AtomicInteger();
    MemberState state =
        new MemberState(
            process,
            number(node.path("beat"), Long.MAX_VALUE),
            name(node.path("build")),
            node.path("off").asBoolean(),
            new MemberState.ArtefactState(
                text(artefact.path("name")),
                text(artefact.path("digest")),
                name(artefact.path("state"))),
            findings,
            sketches(node.path("sketches"), process, minute, untimely),
            adapters,
            commands(node.path("commands")));
    return new Read(state, untimely.get());
  }

  private static Finding finding(JsonNode node) {
    String word = node.path("state").asText().toUpperCase(Locale.ROOT);
    try {
      return new Finding(TriggerState.valueOf(word), number(node.path("under"), Long.MAX_VALUE));
    } catch (IllegalArgumentException e) {
      throw new WireRefusal(Refusal.GARBAGE);
    }
  }

  private static Map<Series, Sketch> sketches(
      JsonNode node, String process, long now, AtomicInteger untimely) {
    require(node.size() <= Tally.MOST_SERIES);
    Map<Series, Sketch> sketches = new TreeMap<>();
    for (JsonNode each : node) {
      Series series = new Series(name(each.path("model")), name(each.path("direction")));
      require(each.path("minutes").size() <= Tally.MINUTES);
      each(
          each.path("minutes"),
          (at, pairs) -> {
            long minute = minute(at);
            Sketch sketch = Sketch.of(new Sketch.Cell(process, minute), counts(pairs));
            if (timely(minute, now)) {
              sketches.merge(series, sketch, Sketch::merge);
            } else {
              untimely.incrementAndGet();
            }
          });
    }
    return sketches;
  }

  private static long minute(String text) {
    require(text.matches("[0-9]{1,12}"));
    return Long.parseLong(text);
  }

  private static boolean timely(long minute, long now) {
    return minute <= now + MINUTES_APART && minute >= now - Tally.MINUTES - MINUTES_APART;
  }

  private static long[] counts(JsonNode pairs) {
    require(pairs.isArray() && pairs.size() % 2 == 0 && pairs.size() <= 2 * Sketch.BINS);
    long[] counts = new long[Sketch.BINS];
    for (int i = 0; i < pairs.size(); i += 2) {
      counts[(int) number(pairs.get(i), Sketch.BINS - 1)] = number(pairs.get(i + 1), MOST_COUNT);
    }
    return counts;
  }

  private static List<SignedCommand> commands(JsonNode node) {
    require(node.size() <= CommandBook.MOST_SLOTS);
    List<SignedCommand> commands = new ArrayList<>();
    node.forEach(each -> commands.add(CommandJson.read(each)));
    return commands;
  }

  private static void each(JsonNode node, BiConsumer<String, JsonNode> then) {
    require(node.isMissingNode() || node.isObject() && node.size() <= MemberState.MOST_EACH);
    node.fields()
        .forEachRemaining(
            e -> {
              require(e.getKey().length() <= MOST_TEXT);
              then.accept(printable(e.getKey()), e.getValue());
            });
  }

  private static String name(JsonNode node) {
    String text = text(node);
    require(!text.isBlank());
    return text;
  }

  private static String text(JsonNode node) {
    require(node.isTextual() && node.asText().length() <= MOST_TEXT);
    return printable(node.asText());
  }

  /** Names go to logs and terminals, where a line's end or an escape would say more than a name. */
  private static String printable(String name) {
    return CONTROL.matcher(name).replaceAll("\uFFFD");
  }

  private static long number(JsonNode node, long most) {
    require(node.isIntegralNumber() && node.canConvertToLong());
    require(node.asLong() >= 0 && node.asLong() <= most);
    return node.asLong();
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new WireRefusal(Refusal.GARBAGE);
    }
  }
}
