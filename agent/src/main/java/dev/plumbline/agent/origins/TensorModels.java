package dev.plumbline.agent.origins;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Json;
import io.vertx.core.Future;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which models of an Open Inference Protocol server declare an output tensor: {@code GET
 * /v2/models/NAME}. The protocol has no list of models; Triton's {@code POST /v2/repository/index}
 * is asked where the configuration names none. Nothing is generated.
 */
final class TensorModels {
  private static final int MOST_MODELS = 16;
  private static final Asker.Limits PAGE = new Asker.Limits(Duration.ofSeconds(5), 1 << 20);
  private static final Map<String, String> MARKED =
      Map.of(TapTrial.MARK, "1", "content-type", "application/json");

  private final Asker asker;
  private final URI origin;

  TensorModels(Asker asker, URI origin) {
    this.asker = asker;
    this.origin = origin;
  }

  /** Names of those that declare it, of those named or, without names, of those listed. */
  Future<List<String>> declaring(String tensor, List<String> named) {
    Future<List<String>> names = named.isEmpty() ? listed() : Future.succeededFuture(named);
    return names.compose(all -> filter(tensor, all.stream().limit(MOST_MODELS).toList()));
  }

  private Future<List<String>> listed() {
    return asker
        .post(origin, "/v2/repository/index", MARKED, new byte[] {'{', '}'}, PAGE)
        .map(
            said -> {
              List<String> names = new ArrayList<>();
              Json.look(said.body().getBytes())
                  .filter(JsonNode::isArray)
                  .ifPresent(list -> list.forEach(m -> names.add(m.path("name").asText(""))));
              names.removeIf(String::isEmpty);
              return names;
            })
        .otherwise(List.of());
  }

  private Future<List<String>> filter(String tensor, List<String> names) {
    List<Future<Boolean>> asked = names.stream().map(name -> declares(tensor, name)).toList();
    return Future.join(asked)
        .map(
            all -> {
              List<String> found = new ArrayList<>();
              for (int i = 0; i < names.size(); i++) {
                if (asked.get(i).result()) {
                  found.add(names.get(i));
                }
              }
              return found;
            });
  }

  private Future<Boolean> declares(String tensor, String name) {
    String path =
        "/v2/models/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return asker
        .get(origin, path, MARKED, PAGE)
        .map(said -> said.good() && outputs(said).contains(tensor))
        .otherwise(false);
  }

  private static List<String> outputs(Asker.Said said) {
    List<String> names = new ArrayList<>();
    Json.look(said.body().getBytes())
        .ifPresent(
            model -> model.path("outputs").forEach(o -> names.add(o.path("name").asText(""))));
    return names;
  }
}
