package dev.plumbline.agent.enforce;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.Reading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A verdict as a client is told it: headers on a whole answer; trailers or an SSE comment on a
 * stream. An unscored answer says why: {@code plumbline-verdict: unscored(queue_full)}.
 */
public final class Annotation {
  public static final String VERDICT = "plumbline-verdict";
  public static final String SCORE = "plumbline-score";
  public static final String ACTION = "plumbline-action";
  public static final String DIRECTION = "plumbline-direction";
  public static final String FAIL = "plumbline-fail";

  /** {@code NAME;tokens=N;removed=R}: hidden states changed, and mean |h·d| taken out of them. */
  public static final String RECEIPT = "plumbline-receipt";

  /** Every name an annotation may use, for the {@code Trailer} header. */
  public static final List<String> NAMES =
      List.of(VERDICT, SCORE, ACTION, DIRECTION, FAIL, RECEIPT);

  private final Map<String, String> fields = new LinkedHashMap<>();

  public Annotation(Reading reading, Action action) {
    String verdict = reading.verdict().wireName();
    fields.put(
        VERDICT,
        reading.reason().map(reason -> verdict + "(" + reason.wireName() + ")").orElse(verdict));
    reading
        .score()
        .ifPresent(score -> fields.put(SCORE, String.format(Locale.ROOT, "%.4f", score)));
    fields.put(ACTION, action.wireName());
    reading.direction().ifPresent(name -> fields.put(DIRECTION, headerSafe(name)));
  }

  /** Says that the answer should have stayed in, and had gone out when that was known. */
  public Annotation failedToClose() {
    fields.put(FAIL, "closed(not_applied)");
    return this;
  }

  /**
   * The receipt of an intervention; nothing is said of one that touched nothing.
   *
   * @param by its configured name
   * @param tokens hidden states it changed
   * @param removed mean |h·d| taken out of them, in residual units
   */
  public Annotation did(String by, long tokens, double removed) {
    if (tokens > 0) {
      fields.put(
          RECEIPT, String.format(Locale.ROOT, "%s;tokens=%d;removed=%.4f", by, tokens, removed));
    }
    return this;
  }

  /** Header or trailer fields, in a fixed order. */
  public Map<String, String> fields() {
    return Map.copyOf(fields);
  }

  /**
   * The last thing in a stream: a comment, which every SSE reader skips, {@code : plumbline
   * {"verdict":...}}.
   */
  public String comment() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    fields.forEach((name, value) -> node.put(name.substring("plumbline-".length()), value));
    return ": plumbline " + node + "\n\n";
  }

  private static String headerSafe(String name) {
    return name.replaceAll("[^\\x21-\\x7E]", "_");
  }
}
