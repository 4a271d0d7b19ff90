package dev.plumbline.learn.ability.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.ability.ChoiceItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * MathQA (Amini et al. 2019): a JSON list of {@code {"Problem", "options": "a ) 38 , b ) 27 , …",
 * "correct": LETTER, "category"}}. The category is the group.
 */
public final class MathQaFile {
  private static final Pattern OPTION =
      Pattern.compile("([a-e]) \\) (.*?)(?=\\s*,\\s*[a-e] \\) |$)", Pattern.DOTALL);

  private MathQaFile() {}

  /** Items of a file. */
  public static List<ChoiceItem> read(Path file) {
    JsonNode list = Rows.json(file);
    if (!list.isArray() || list.isEmpty()) {
      throw Rows.bad(file, "the JSON", "a list of 1 or more problems", list.getNodeType() + "");
    }
    List<ChoiceItem> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      items.add(item(file, i, list.get(i)));
    }
    return items;
  }

  private static ChoiceItem item(Path file, int i, JsonNode json) {
    String where = "problem " + i;
    String options = Rows.text(file, where, json, "options");
    String correct = Rows.text(file, where, json, "correct");
    List<String> choices = new ArrayList<>();
    int answer = -1;
    Matcher matcher = OPTION.matcher(options);
    while (matcher.find()) {
      answer = matcher.group(1).equals(correct) ? choices.size() : answer;
      choices.add(matcher.group(2).strip());
    }
    if (answer < 0) {
      throw Rows.bad(file, where + ", correct", "a letter of its options", correct);
    }
    try {
      return new ChoiceItem(
          "mathqa-" + i,
          json.path("category").asText(""),
          "",
          Rows.text(file, where, json, "Problem"),
          choices,
          answer);
    } catch (IllegalArgumentException e) {
      throw Rows.bad(file, where, "a problem and its options", e.getMessage());
    }
  }
}
