package dev.plumbline.learn.ability.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.ability.ChoiceItem;
import dev.plumbline.learn.sample.JsonLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * ARC (Clark et al. 2018): JSONL of {@code {"id", "question": {"stem", "choices": [{"text",
 * "label"}]}, "answerKey"}}; labels are letters or digits.
 */
public final class ArcFile {
  private ArcFile() {}

  /** Items of a file; ids are unique. */
  public static List<ChoiceItem> read(Path file) {
    Set<String> ids = new HashSet<>();
    return JsonLines.read(
        file,
        line -> {
          ChoiceItem item = item(line);
          line.require(ids.add(item.id()), "id", "an id of its own", item.id());
          return item;
        });
  }

  private static ChoiceItem item(JsonLines.Line line) {
    JsonNode question = line.json().path("question");
    JsonNode choices = question.path("choices");
    line.require(choices.isArray(), "question.choices", "a list", choices.toString());
    List<String> texts = new ArrayList<>();
    int answer = -1;
    for (JsonNode choice : choices) {
      boolean whole = choice.path("text").isTextual() && choice.path("label").isTextual();
      line.require(whole, "question.choices", "text and label", choice.toString());
      if (choice.get("label").textValue().equals(line.text("answerKey"))) {
        answer = texts.size();
      }
      texts.add(choice.get("text").textValue());
    }
    line.require(answer >= 0, "answerKey", "a choice's label", line.text("answerKey"));
    String stem = question.path("stem").asText();
    return new ChoiceItem(line.text("id"), "", "", stem, texts, answer);
  }
}
