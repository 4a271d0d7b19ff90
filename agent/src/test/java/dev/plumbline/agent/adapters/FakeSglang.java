package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** As SGLang answers; {@code lists} as newer versions do, whose models have adapters among them. */
public class FakeSglang extends FakeServer {
  public final Map<String, String> loaded = new ConcurrentHashMap<>();
  private final boolean lists;

  public FakeSglang(boolean lists) throws IOException {
    this.lists = lists;
  }

  @Override
  Reply answer(String call, JsonNode body) {
    String name = body.path("lora_name").asText();
    return switch (call) {
      case "GET /v1/models" -> models();
      case "POST /load_lora_adapter" -> load(name, body.path("lora_path").asText());
      case "POST /unload_lora_adapter" -> unload(name);
      default -> Reply.json(404, "{\"detail\":\"Not Found\"}");
    };
  }

  private Reply models() {
    ObjectNode page = JSON.createObjectNode().put("object", "list");
    ArrayNode data = page.putArray("data");
    data.addObject().put("id", "base").put("owned_by", "sglang").put("root", "base");
    if (lists) {
      loaded.forEach(
          (name, path) -> data.addObject().put("id", name).put("root", path).put("parent", "base"));
    }
    return Reply.json(200, page.toString());
  }

  private Reply load(String name, String path) {
    if (!enabled) {
      return update(false, "LoRA is not enabled. Please set `--enable-lora` to enable LoRA.");
    }
    if (loaded.containsKey(name)) {
      return update(false, "LoRA adapter " + name + " is already loaded.");
    }
    loaded.put(name, path);
    return update(true, "");
  }

  private Reply unload(String name) {
    if (!enabled) {
      return update(false, "LoRA is not enabled. Please set `--enable-lora` to enable LoRA.");
    }
    return loaded.remove(name) == null
        ? update(false, "LoRA adapter " + name + " does not exist")
        : update(true, "");
  }

  private Reply update(boolean success, String error) {
    ObjectNode body = JSON.createObjectNode().put("success", success).put("error_message", error);
    ObjectNode all = body.putObject("loaded_adapters");
    loaded.forEach(all::put);
    return Reply.json(success ? 200 : 400, body.toString());
  }

  @Override
  public void restart() {
    loaded.clear();
  }

  @Override
  boolean ablates(JsonNode request, String path) {
    String[] model = request.path("model").asText().split(":", 2);
    return model.length == 2 && path.equals(loaded.get(model[1]));
  }
}
