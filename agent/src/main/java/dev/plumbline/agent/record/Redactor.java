package dev.plumbline.agent.record;

import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes what looks like personal data or a secret out of texts that are kept: each match becomes
 * {@code [NAME]} of its pattern. What does not look like any of them stays; a pattern is no
 * promise. Immutable, any thread.
 *
 * <p>The patterns of this class have bounded repetitions only, so no text makes them slow.
 */
public final class Redactor {
  /** Keeps every text as it is. */
  public static final Redactor NONE = new Redactor(Map.of());

  private final Map<String, Pattern> patterns;

  /**
   * @param patterns by name, in the order they are applied
   */
  public Redactor(Map<String, Pattern> patterns) {
    this.patterns = new LinkedHashMap<>(patterns);
  }

  /** Without what the patterns find. */
  String redact(String text) {
    String left = text;
    for (Map.Entry<String, Pattern> each : patterns.entrySet()) {
      left = each.getValue().matcher(left).replaceAll("[" + each.getKey() + "]");
    }
    return left;
  }

  /** The same exchange, its texts redacted. */
  RecordedExchange redact(RecordedExchange exchange) {
    return patterns.isEmpty() || exchange.text().isEmpty()
        ? exchange
        : exchange.saying(exchange.text().map(this::redact));
  }

  private RecordedExchange.Text redact(RecordedExchange.Text text) {
    return new RecordedExchange.Text(
        redact(text.prompt()), text.answers().stream().map(this::redact).toList());
  }

  private Prompt redact(Prompt prompt) {
    if (prompt instanceof Prompt.Chat chat) {
      return new Prompt.Chat(
          chat.messages().stream()
              .map(turn -> new ChatMessage(turn.role(), redact(turn.content())))
              .toList(),
          chat.continues());
    }
    return new Prompt.Raw(redact(((Prompt.Raw) prompt).text()));
  }
}
