package dev.plumbline.agent.wire.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.agent.wire.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Bodies as servers write them, given to the code under test in every form they may take. */
final class Wire {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int ROUNDS = 40;

  private Wire() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Call call(Route route, String body) {
    return Call.of(route, utf8(body)).orElseThrow();
  }

  /** Roles and contents, as {@code role: content}. */
  static List<String> turns(Call call) {
    Prompt.Chat chat = (Prompt.Chat) call.prompt().orElseThrow();
    return chat.messages().stream().map(Wire::turn).toList();
  }

  private static String turn(ChatMessage message) {
    return message.role() + ": " + message.content();
  }

  static String raw(Call call) {
    return ((Prompt.Raw) call.prompt().orElseThrow()).text();
  }

  static Optional<Answer> whole(Call call, String body) {
    return call.answer(utf8(body));
  }

  /** Reads a stream whose events end with LF, and asserts that no other form reads otherwise. */
  static Optional<Answer> stream(Call call, String events) {
    Optional<Answer> plain = feed(call, utf8(events), new Random(0), Integer.MAX_VALUE);
    for (int seed = 1; seed <= ROUNDS; seed++) {
      Random random = new Random(seed);
      assertThat(feed(call, utf8(otherForm(events, random)), random, 1 + random.nextInt(9)))
          .as("seed %d", seed)
          .isEqualTo(plain);
    }
    return plain;
  }

  /** What has been said by a stream that its reader left. */
  static Optional<Answer> left(Call call, String events) {
    return call.stream(1 << 20).feed(utf8(events)).soFar();
  }

  private static Optional<Answer> feed(Call call, byte[] bytes, Random random, int most) {
    AnswerStream stream = call.stream(1 << 20);
    for (int at = 0; at < bytes.length; ) {
      int end = at + Math.min(bytes.length - at, 1 + random.nextInt(most));
      stream.feed(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return stream.end();
  }

  /** A byte order mark, comments, other line ends, other fields, JSON over several lines. */
  static String otherForm(String events, Random random) {
    StringBuilder form = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
    for (String line : events.split("\n", -1)) {
      if (line.startsWith("data:") && random.nextInt(3) == 0) {
        form.append(": ping\n").append(random.nextBoolean() ? "id: 7\nretry: 1\n" : "");
      }
      form.append(random.nextInt(3) == 0 ? overLines(line) : line).append('\n');
    }
    form.setLength(form.length() - 1);
    String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
    return form.toString().replace("\n", end);
  }

  private static String overLines(String line) {
    boolean halfCharacters = line.contains("\\ud");
    if (!line.startsWith("data: {") || halfCharacters) {
      return line.replaceFirst("^data: ", "data:");
    }
    try {
      JsonNode node = JSON.readTree(line.substring("data: ".length()));
      return "data: " + node.toPrettyString().replaceAll("\r?\n", "\ndata: ");
    } catch (IOException e) {
      return line; // Broken on purpose.
    }
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Events of a stream, each with its data. */
  static String events(String... data) {
    StringBuilder events = new StringBuilder();
    for (String datum : data) {
      events.append("data: ").append(datum).append("\n\n");
    }
    return events.toString();
  }
}
