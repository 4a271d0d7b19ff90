package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The JSON of {@code GET /v1/models} and {@code GET /v1/models/NAME}. */
public final class ModelList {
  private ModelList() {}

  /** All models. */
  public static byte[] all(List<String> names, long createdSeconds) {
    ObjectNode root = Json.object().put("object", "list");
    ArrayNode data = root.putArray("data");
    names.forEach(name -> data.add(model(name, createdSeconds)));
    return Json.bytes(root);
  }

  /** One model. */
  public static byte[] one(String name, long createdSeconds) {
    return Json.bytes(model(name, createdSeconds));
  }

  private static ObjectNode model(String name, long createdSeconds) {
    return Json.object()
        .put("id", name)
        .put("object", "model")
        .put("created", createdSeconds)
        .put("owned_by", "plumbline");
  }
}
