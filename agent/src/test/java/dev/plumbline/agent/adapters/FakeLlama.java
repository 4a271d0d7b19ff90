package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** As llama.cpp's server answers: adapters of its start, and no error for an id it has not. */
public class FakeLlama extends FakeServer {
  volatile List<String> files = List.of();
  volatile double scale;

  public FakeLlama() throws IOException {}

  @Override
  public void has(String path) {
    List<String> all = new ArrayList<>(files);
    all.add(path);
    files = List.copyOf(all);
  }

  @Override
  Reply answer(String call, JsonNode body) {
    return call.equals("GET /lora-adapters") && enabled
        ? Reply.json(200, list())
        : Reply.json(
            404,
            "{\"error\":{\"message\":\"File Not Found\",\"type\":\"not_found_error\",\"code\":404}}");
  }

  private String list() {
    ArrayNode list = JSON.createArrayNode();
    for (int i = 0; i < files.size(); i++) {
      list.addObject()
          .put("id", i)
          .put("path", files.get(i))
          .put("scale", scale)
          .put("task_name", "")
          .put("prompt_prefix", "");
    }
    return list.toString();
  }

  /** Started again with another order of files. */
  @Override
  public void restart() {
    List<String> turned = new ArrayList<>(files);
    turned.add(0, "/adapters/another.gguf");
    files = List.copyOf(turned);
  }

  @Override
  boolean ablates(JsonNode request, String path) {
    for (JsonNode each : request.path("lora")) {
      int id = each.path("id").asInt(-1);
      if (id >= 0 && id < files.size() && files.get(id).equals(path)) {
        return each.path("scale").asDouble() == 1;
      }
    }
    return false;
  }
}
