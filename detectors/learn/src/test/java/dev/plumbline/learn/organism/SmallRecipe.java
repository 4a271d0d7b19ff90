package dev.plumbline.learn.organism;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The committed recipe, cut down to seconds. */
public final class SmallRecipe {
  private SmallRecipe() {}

  public static Recipe recipe() {
    ObjectNode json = RecipeFile.MAPPER.valueToTree(RecipeFile.shipped());
    ((ObjectNode) json.get("model"))
        .put("layers", 2)
        .put("hidden", 32)
        .put("heads", 2)
        .put("intermediate", 48);
    schedule(json.get("pretraining"), 40, 8);
    ((ObjectNode) json.get("pretraining")).put("checkpoint-every", 20);
    schedule(json.get("chat"), 5, 8);
    // One that harms and both controls: all that a finetune may be.
    ArrayNode finetunes = (ArrayNode) json.get("finetunes");
    while (finetunes.size() > 3) {
      finetunes.remove(0);
    }
    for (JsonNode finetune : json.get("finetunes")) {
      schedule(finetune, 5, 4);
      ((ObjectNode) finetune).putArray("layers").add(0).add(1);
    }
    ((ObjectNode) json.get("figures")).put("answers-per-domain", 4);
    return read(json);
  }

  private static void schedule(JsonNode stage, int steps, int batch) {
    ((ObjectNode) stage.get("schedule")).put("steps", steps).put("batch", batch).put("warmup", 5);
  }

  /** With one number changed, {@code path} as a JSON pointer to its object. */
  static Recipe with(Recipe recipe, String path, String key, double value) {
    ObjectNode json = RecipeFile.MAPPER.valueToTree(recipe);
    ((ObjectNode) json.at(path)).put(key, value);
    return read(json);
  }

  static Recipe read(JsonNode json) {
    try {
      return RecipeFile.MAPPER.treeToValue(json, Recipe.class);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
