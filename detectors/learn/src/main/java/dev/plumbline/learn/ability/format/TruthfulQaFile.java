package dev.plumbline.learn.ability.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.ability.TruthItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * TruthfulQA's {@code mc_task.json} (Lin et al. 2022): a list of {@code {"question", "mc1_targets":
 * {ANSWER: 1 or 0}, "mc2_targets": {ANSWER: 1 or 0}}}.
 */
public final class TruthfulQaFile {
  private TruthfulQaFile() {}

  /** Items of a file. */
  public static List<TruthItem> read(Path file) {
    JsonNode list = Rows.json(file);
    if (!list.isArray() || list.isEmpty()) {
      throw Rows.bad(file, "the JSON", "a list of 1 or more questions", list.getNodeType() + "");
    }
    List<TruthItem> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String where = "question " + i;
      try {
        items.add(
            new TruthItem(
                "truthfulqa-" + i,
                Rows.text(file, where, list.get(i), "question"),
                targets(file, where, list.get(i), "mc1_targets"),
                targets(file, where, list.get(i), "mc2_targets")));
      } catch (IllegalArgumentException e) {
        throw Rows.bad(file, where, "true and false answers", e.getMessage());
      }
    }
    return items;
  }

  private static Map<String, Boolean> targets(Path file, String where, JsonNode json, String key) {
    Map<String, Boolean> targets = new LinkedHashMap<>();
    json.path(key)
        .fields()
        .forEachRemaining(
            each -> {
              int label = each.getValue().asInt(-1);
              if (label != 0 && label != 1) {
                throw Rows.bad(file, where + ", " + key, "1 or 0", each.getValue().toString());
              }
              targets.put(each.getKey(), label == 1);
            });
    return targets;
  }
}
