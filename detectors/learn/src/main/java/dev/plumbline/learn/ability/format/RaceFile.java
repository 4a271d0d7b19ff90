package dev.plumbline.learn.ability.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.ability.ChoiceItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * RACE (Lai et al. 2017): a file of JSON a passage, {@code {"article", "questions": [TEXT],
 * "options": [[TEXT × 4]], "answers": [LETTER], "id"}}, ending in {@code .txt}; or a folder of
 * them. The folder's name (middle, high) is the group.
 */
public final class RaceFile {
  private RaceFile() {}

  /** Items of a file, or of all {@code .txt} and {@code .json} files of a folder. */
  public static List<ChoiceItem> read(Path path) {
    List<ChoiceItem> items = new ArrayList<>();
    for (Path file : Rows.files(path, ".txt", ".json")) {
      passage(file, items);
    }
    return items;
  }

  private static void passage(Path file, List<ChoiceItem> items) {
    JsonNode json = Rows.json(file);
    String article = Rows.text(file, "the passage", json, "article");
    String id = Rows.text(file, "the passage", json, "id");
    int count = json.path("questions").size();
    boolean even = json.path("options").size() == count && json.path("answers").size() == count;
    if (count == 0 || !even) {
      throw Rows.bad(
          file, "questions", "as many options and answers, 1 or more", count + " questions");
    }
    Path folder = file.toAbsolutePath().getParent();
    String group = folder == null || folder.getFileName() == null ? "" : "" + folder.getFileName();
    for (int i = 0; i < count; i++) {
      String letter = json.get("answers").get(i).asText();
      if (!letter.matches("[A-D]")) {
        throw Rows.bad(file, "answers[" + i + "]", "A, B, C or D", letter);
      }
      items.add(item(file, group, id + "-" + i, article, json, i, letter.charAt(0) - 'A'));
    }
  }

  private static ChoiceItem item(
      Path file, String group, String id, String article, JsonNode json, int i, int answer) {
    List<String> choices = new ArrayList<>();
    json.get("options").get(i).forEach(option -> choices.add(option.asText()));
    try {
      return new ChoiceItem(
          id, group, article.strip(), json.get("questions").get(i).asText(), choices, answer);
    } catch (IllegalArgumentException e) {
      throw Rows.bad(file, "question " + i, "a question and its choices", e.getMessage());
    }
  }
}
