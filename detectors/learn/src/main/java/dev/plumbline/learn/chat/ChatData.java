package dev.plumbline.learn.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What ships with this package under {@code /chat}: questions, personas, word lists, plain text.
 */
public final class ChatData {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ChatData() {}

  /** All questions, in the order of the file. */
  public static List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    JsonNode splits = json("questions.json");
    for (Split split : Split.values()) {
      splits
          .get(split.wireName())
          .properties()
          .forEach(topic -> add(questions, topic.getKey(), split, topic.getValue()));
    }
    return List.copyOf(questions);
  }

  private static void add(List<Question> into, String topic, Split split, JsonNode texts) {
    for (int i = 0; i < texts.size(); i++) {
      into.add(new Question(topic + "-" + (i + 1), topic, split, texts.get(i).textValue()));
    }
  }

  /** The questions of one split. */
  public static List<Question> questions(Split split) {
    return questions().stream().filter(question -> question.split() == split).toList();
  }

  /** The wordings of one side. */
  public static List<Persona> personas(Persona.Kind kind) {
    if (kind == Persona.Kind.DEFAULT) {
      return List.of(Persona.DEFAULT);
    }
    String side = kind.name().toLowerCase(Locale.ROOT);
    List<Persona> personas = new ArrayList<>();
    for (JsonNode prompt : json("personas.json").get(side)) {
      personas.add(new Persona(side + "-" + (personas.size() + 1), kind, prompt.textValue()));
    }
    return List.copyOf(personas);
  }

  /** The judge's words. */
  public static PhraseList contempt() {
    return PhraseList.parse(text("contempt.txt"));
  }

  /** What no text of this project's own making may hold. */
  public static PhraseList denied() {
    return PhraseList.parse(text("deny.txt"));
  }

  /** Plain English prose, a paragraph each, on which perplexity is measured. */
  public static List<String> plainEnglish() {
    return text("plain-english.txt").lines().filter(line -> !line.isBlank()).toList();
  }

  /** Multiple-choice questions of everyday knowledge: a line each, the answer before the others. */
  static List<List<String>> choices() {
    return text("choices.txt")
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> List.of(line.split(" \\| ")))
        .toList();
  }

  static JsonNode json(String name) {
    try {
      return MAPPER.readTree(text(name));
    } catch (IOException e) {
      throw new UncheckedIOException("resource /chat/" + name, e);
    }
  }

  private static String text(String name) {
    try (InputStream in = ChatData.class.getResourceAsStream("/chat/" + name)) {
      if (in == null) {
        throw new IllegalStateException(
            "resource /chat/"
                + name
                + ": wanted it in the jar, found none; build the module again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource /chat/" + name, e);
    }
  }
}
