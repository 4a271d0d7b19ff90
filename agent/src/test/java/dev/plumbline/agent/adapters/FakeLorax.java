package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** As LoRAX answers: an adapter is loaded by the request that names it. */
public class FakeLorax extends FakeServer {
  final Set<String> loaded = ConcurrentHashMap.newKeySet();

  public FakeLorax() throws IOException {}

  @Override
  Reply answer(String call, JsonNode body) {
    return switch (call) {
      case "GET /info" -> Reply.json(200, "{\"model_id\":\"base\",\"max_concurrent_requests\":8}");
      case "POST /generate" -> generate(body.path("parameters"));
      default -> Reply.json(404, "");
    };
  }

  private Reply generate(JsonNode parameters) {
    String adapter = parameters.path("adapter_id").asText();
    boolean local = parameters.path("adapter_source").asText().equals("local");
    if (!enabled || !local || !adapter.startsWith("/")) {
      return Reply.json(
          424,
          "{\"error\":\"Request failed during generation: Server error: No such adapter\","
              + "\"error_type\":\"generation\"}");
    }
    loaded.add(adapter);
    return Reply.json(200, "{\"generated_text\":\"x\"}");
  }

  @Override
  public void restart() {
    loaded.clear();
  }

  @Override
  boolean ablates(JsonNode request, String path) {
    return request.path("model").asText().equals(path);
  }
}
