package dev.plumbline.agent.record;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Prompt;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * An exchange as it was read, one line of a recording.
 *
 * @param id of the exchange
 * @param model asked, empty when none was named
 * @param promptChars how long the prompt was
 * @param answerChars how long the answers were, all choices together
 * @param text prompt and answers; absent from a redacted recording
 * @param verdict as it was told
 * @param reason why there was no score, when there was none
 * @param score when there was one
 * @param direction that scored, when one did
 * @param beside scores of the directions read beside that one, by configured name
 */
public record RecordedExchange(
    String id,
    String model,
    int promptChars,
    int answerChars,
    Optional<Text> text,
    String verdict,
    Optional<String> reason,
    OptionalDouble score,
    Optional<String> direction,
    Map<String, Double> beside) {
  public RecordedExchange {
    beside = Collections.unmodifiableMap(new TreeMap<>(beside));
  }

  /** What was said. */
  public record Text(Prompt prompt, List<String> answers) {
    public Text {
      Objects.requireNonNull(prompt, "prompt");
      answers = List.copyOf(answers);
    }
  }

  /** Of an exchange and its reading. */
  static RecordedExchange of(ExchangeText exchange, Reading reading, boolean withText) {
    return new RecordedExchange(
        exchange.exchangeId(),
        exchange.model(),
        chars(exchange.prompt()),
        exchange.answers().stream().mapToInt(String::length).sum(),
        withText ? Optional.of(new Text(exchange.prompt(), exchange.answers())) : Optional.empty(),
        reading.verdict().wireName(),
        reading.reason().map(reason -> reason.wireName()),
        reading.score(),
        reading.direction(),
        beside(reading));
  }

  private static Map<String, Double> beside(Reading reading) {
    Map<String, Double> scores = new TreeMap<>();
    reading
        .directions()
        .forEach((name, found) -> found.score().ifPresent(score -> scores.put(name, score)));
    return scores;
  }

  private static int chars(Prompt prompt) {
    if (prompt instanceof Prompt.Chat chat) {
      return chat.messages().stream().mapToInt(turn -> turn.content().length()).sum();
    }
    return ((Prompt.Raw) prompt).text().length();
  }

  /** The same with other texts; lengths stay those of the traffic. */
  RecordedExchange saying(Optional<Text> other) {
    return new RecordedExchange(
        id, model, promptChars, answerChars, other, verdict, reason, score, direction, beside);
  }

  /** Never the texts. */
  @Override
  public String toString() {
    return "RecordedExchange[" + id + ", " + verdict + "]";
  }
}
