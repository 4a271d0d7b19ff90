package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.origins.Asker;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code GET /v1/models} as vLLM and SGLang answer it: an adapter is a model with a {@code parent}
 * and its folder as {@code root}.
 */
final class ModelPage {
  static final String PATH = "/v1/models";
  private static final int MOST = 256;
  private static final int MOST_NAME = 512;

  private ModelPage() {}

  static Served of(Asker.Said said) {
    if (!said.good()) {
      return Served.NOTHING;
    }
    List<String> bases = new ArrayList<>();
    List<ServedAdapter> adapters = new ArrayList<>();
    JsonNode data = AdapterCalls.json(said).path("data");
    for (JsonNode model : data) {
      String name = model.path("id").asText("");
      if (name.isEmpty() || name.length() > MOST_NAME || bases.size() + adapters.size() == MOST) {
        continue;
      }
      if (model.path("parent").isTextual()) {
        adapters.add(ServedAdapter.named(name, model.path("root").asText("")));
      } else {
        bases.add(name);
      }
    }
    return new Served(bases, adapters, owner(data));
  }

  private static String owner(JsonNode data) {
    String said = data.path(0).path("owned_by").asText("");
    return said.length() > MOST_NAME ? "" : said;
  }
}
