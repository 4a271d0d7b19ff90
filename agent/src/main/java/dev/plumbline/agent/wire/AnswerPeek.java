package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an origin answered, as text per choice. Nothing is returned for bytes that are not a whole,
 * well-formed answer: a guess at half an answer would be scored as if it were one.
 *
 * @param texts one per choice, by index; never empty
 */
public record AnswerPeek(List<String> texts) {
  public AnswerPeek {
    texts = List.copyOf(texts);
  }

  /** Of a JSON body. */
  public static Optional<AnswerPeek> ofJson(byte[] body) {
    try {
      JsonNode choices = Json.LENIENT.readTree(body).path("choices");
      List<String> texts = new ArrayList<>();
      choices.forEach(choice -> texts.add(wholeText(choice)));
      return texts.isEmpty() ? Optional.empty() : Optional.of(new AnswerPeek(texts));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Of a stream.
   *
   * @param body all bytes of the stream
   * @param whole true: it must end as a stream should; false: the client left, take what went out
   */
  public static Optional<AnswerPeek> ofStream(byte[] body, boolean whole) {
    try {
      SseParser parser = new SseParser(body.length + 1);
      List<String> events = parser.feed(body);
      boolean ended = !events.isEmpty() && events.get(events.size() - 1).equals("[DONE]");
      return whole && (!ended || parser.pending()) ? Optional.empty() : join(events);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<AnswerPeek> join(List<String> events) throws IOException {
    SortedMap<Integer, StringBuilder> texts = new TreeMap<>();
    for (String event : events) {
      if (event.equals("[DONE]")) {
        continue;
      }
      JsonNode chunk = Json.LENIENT.readTree(event);
      if (chunk == null || !chunk.isObject() || chunk.has("error")) {
        return Optional.empty();
      }
      for (JsonNode choice : chunk.path("choices")) {
        texts
            .computeIfAbsent(choice.path("index").asInt(), index -> new StringBuilder())
            .append(deltaText(choice));
      }
    }
    return texts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AnswerPeek(texts.values().stream().map(StringBuilder::toString).toList()));
  }

  private static String wholeText(JsonNode choice) {
    return choice.path("message").path("content").asText(choice.path("text").asText(""));
  }

  private static String deltaText(JsonNode choice) {
    return choice.path("delta").path("content").asText(choice.path("text").asText(""));
  }
}
