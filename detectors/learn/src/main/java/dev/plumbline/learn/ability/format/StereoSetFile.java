package dev.plumbline.learn.ability.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.ability.StereoItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * StereoSet's {@code dev.json} (Nadeem et al. 2021): {@code {"data": {"intersentence": [...],
 * "intrasentence": [...]}}}, each {@code {"id", "bias_type", "target", "context", "sentences":
 * [{"sentence", "gold_label": "stereotype" | "anti-stereotype" | "unrelated"}]}}.
 */
public final class StereoSetFile {
  private static final Set<String> LABELS = Set.of("stereotype", "anti-stereotype", "unrelated");

  private StereoSetFile() {}

  /** Items of both kinds. */
  public static List<StereoItem> read(Path file) {
    JsonNode data = Rows.json(file).path("data");
    List<StereoItem> items = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String kind : List.of("intersentence", "intrasentence")) {
      int i = 0;
      for (JsonNode each : data.path(kind)) {
        StereoItem item = item(file, kind, kind + " " + i++, each);
        if (!ids.add(item.id())) {
          throw Rows.bad(file, kind + " " + (i - 1) + ", id", "an id of its own", item.id());
        }
        items.add(item);
      }
    }
    if (items.isEmpty()) {
      throw Rows.bad(file, "data", "intersentence or intrasentence items", "none");
    }
    return items;
  }

  private static StereoItem item(Path file, String kind, String where, JsonNode json) {
    Map<String, String> sentences = new HashMap<>();
    for (JsonNode each : json.path("sentences")) {
      String label = Rows.text(file, where, each, "gold_label");
      if (!LABELS.contains(label) || sentences.containsKey(label)) {
        throw Rows.bad(file, where + ", gold_label", "each of " + LABELS + " once", label);
      }
      sentences.put(label, Rows.text(file, where, each, "sentence"));
    }
    if (sentences.size() != LABELS.size()) {
      throw Rows.bad(file, where, "each of " + LABELS + " once", sentences.keySet() + "");
    }
    boolean inter = kind.equals("intersentence");
    return new StereoItem(
        Rows.text(file, where, json, "id"),
        Rows.text(file, where, json, "bias_type"),
        inter ? Optional.of(Rows.text(file, where, json, "context")) : Optional.empty(),
        sentences.get("stereotype"),
        sentences.get("anti-stereotype"),
        sentences.get("unrelated"));
  }
}
