package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** As vLLM answers; {@code nested} is the error form of newer versions. */
public class FakeVllm extends FakeServer {
  public final Map<String, String> loaded = new ConcurrentHashMap<>();
  private final boolean nested;

  public FakeVllm(boolean nested) throws IOException {
    this.nested = nested;
  }

  @Override
  Reply answer(String call, JsonNode body) {
    return switch (call) {
      case "GET /v1/models" -> models();
      case "POST /v1/load_lora_adapter" -> enabled ? load(body) : noRoute();
      case "POST /v1/unload_lora_adapter" -> enabled ? unload(body) : noRoute();
      default -> noRoute();
    };
  }

  private static Reply noRoute() {
    return Reply.json(404, "{\"detail\":\"Not Found\"}");
  }

  private Reply models() {
    ObjectNode page = JSON.createObjectNode().put("object", "list");
    ArrayNode data = page.putArray("data");
    data.add(card("base", "org/base", null));
    loaded.forEach((name, path) -> data.add(card(name, path, "base")));
    return Reply.json(200, page.toString());
  }

  private static ObjectNode card(String id, String root, String parent) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("object", "model")
        .put("owned_by", "vllm")
        .put("root", root)
        .put("parent", parent);
  }

  private Reply load(JsonNode body) {
    String name = body.path("lora_name").asText();
    String path = body.path("lora_path").asText();
    if (loaded.containsKey(name)) {
      return error(
          400, "InvalidUserInput", "The lora adapter '" + name + "' has already been loaded.");
    }
    if (path.startsWith("/none")) {
      return error(
          404, "NotFoundError", "Loading lora " + name + " failed: No adapter found for " + path);
    }
    loaded.put(name, path);
    return new Reply(200, "", "Success: LoRA adapter '" + name + "' added successfully.");
  }

  private Reply unload(JsonNode body) {
    String name = body.path("lora_name").asText();
    return loaded.remove(name) == null
        ? error(404, "NotFoundError", "The lora adapter '" + name + "' cannot be found.")
        : new Reply(200, "", "Success: LoRA adapter '" + name + "' removed successfully.");
  }

  private Reply error(int status, String type, String message) {
    ObjectNode error = JSON.createObjectNode().put("message", message).put("type", type);
    error.putNull("param").put("code", status);
    JsonNode body =
        nested ? JSON.createObjectNode().set("error", error) : error.put("object", "error");
    return Reply.json(status, body.toString());
  }

  @Override
  boolean serves(String model) {
    return model.equals("base") || loaded.containsKey(model);
  }

  @Override
  public void restart() {
    loaded.clear();
  }

  @Override
  boolean ablates(JsonNode request, String path) {
    return path.equals(loaded.get(request.path("model").asText()));
  }
}
