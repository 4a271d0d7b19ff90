package dev.plumbline.agent.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * A recorded exchange as one line of JSON: {@code id, model, prompt_chars, answer_chars, verdict,
 * reason, score, direction}, {@code directions} (name to score) where several were read, and with
 * text {@code messages} ({@code role}, {@code content}) or {@code prompt}, and {@code answers}.
 */
final class RecordLine {
  private RecordLine() {}

  static String write(RecordedExchange exchange) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("id", exchange.id());
    line.put("model", exchange.model());
    line.put("prompt_chars", exchange.promptChars());
    line.put("answer_chars", exchange.answerChars());
    line.put("verdict", exchange.verdict());
    line.put("reason", exchange.reason().orElse(null));
    exchange.score().ifPresentOrElse(s -> line.put("score", s), () -> line.putNull("score"));
    line.put("direction", exchange.direction().orElse(null));
    if (!exchange.beside().isEmpty()) {
      exchange.beside().forEach(line.putObject("directions")::put);
    }
    exchange.text().ifPresent(text -> write(text, line));
    return line.toString();
  }

  private static void write(RecordedExchange.Text text, ObjectNode line) {
    if (text.prompt() instanceof Prompt.Raw raw) {
      line.put("prompt", raw.text());
    } else if (text.prompt() instanceof Prompt.Chat chat) {
      ArrayNode messages = line.putArray("messages");
      for (ChatMessage turn : chat.messages()) {
        messages.addObject().put("role", turn.role()).put("content", turn.content());
      }
    }
    ArrayNode answers = line.putArray("answers");
    text.answers().forEach(answers::add);
  }

  /** The exchange of a line; nothing for a line that is none. */
  static Optional<RecordedExchange> read(String line) {
    return Json.look(line)
        .filter(node -> node.path("id").isTextual() && node.path("verdict").isTextual())
        .map(RecordLine::exchange);
  }

  private static RecordedExchange exchange(JsonNode node) {
    return new RecordedExchange(
        node.path("id").asText(),
        node.path("model").asText(""),
        node.path("prompt_chars").asInt(),
        node.path("answer_chars").asInt(),
        text(node),
        node.path("verdict").asText(),
        textual(node.path("reason")),
        node.path("score").isNumber()
            ? OptionalDouble.of(node.path("score").asDouble())
            : OptionalDouble.empty(),
        textual(node.path("direction")),
        beside(node.path("directions")));
  }

  private static Map<String, Double> beside(JsonNode directions) {
    Map<String, Double> scores = new TreeMap<>();
    directions
        .fields()
        .forEachRemaining(
            each -> {
              if (each.getValue().isNumber()) {
                scores.put(each.getKey(), each.getValue().asDouble());
              }
            });
    return scores;
  }

  private static Optional<RecordedExchange.Text> text(JsonNode node) {
    List<String> answers = new ArrayList<>();
    node.path("answers").forEach(answer -> answers.add(answer.asText()));
    Optional<Prompt> prompt =
        node.path("prompt").isTextual()
            ? Optional.of(new Prompt.Raw(node.path("prompt").asText()))
            : chat(node.path("messages"));
    return answers.isEmpty()
        ? Optional.empty()
        : prompt.map(asked -> new RecordedExchange.Text(asked, answers));
  }

  private static Optional<Prompt> chat(JsonNode messages) {
    List<ChatMessage> turns = new ArrayList<>();
    for (JsonNode turn : messages) {
      turns.add(new ChatMessage(turn.path("role").asText(), turn.path("content").asText()));
    }
    return turns.isEmpty() ? Optional.empty() : Optional.of(new Prompt.Chat(turns));
  }

  private static Optional<String> textual(JsonNode node) {
    return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
  }
}
