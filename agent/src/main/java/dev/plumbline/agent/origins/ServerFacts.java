package dev.plumbline.agent.origins;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server says of itself, by the pages that the servers people run are known for. A page that
 * is not there says something, too.
 *
 * @param kind which server
 * @param version its own word, empty where it says none
 * @param models names it lists, in its order
 * @param handsOver what it says of its {@code enable_return_hidden_states}; empty for other servers
 * @param statuses what each page was answered with, 0 for nothing
 */
public record ServerFacts(
    Kind kind,
    String version,
    List<String> models,
    Optional<Boolean> handsOver,
    Map<String, Integer> statuses) {
  /** The servers that can be told apart. */
  public enum Kind {
    VLLM("vLLM"),
    SGLANG("SGLang"),
    LLAMA_CPP("llama.cpp"),
    TGI("TGI"),
    OPEN_INFERENCE("an Open Inference Protocol server"),
    UNKNOWN("a server that is not known");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  static final String MODELS = "/v1/models";

  /** The pages, all cheap and all GET. */
  static final List<String> PAGES =
      List.of(MODELS, "/version", "/get_server_info", "/props", "/info", "/v2");

  private static final int MOST_MODELS = 64;
  private static final int MOST_NAME = 256;

  public ServerFacts {
    models = List.copyOf(models);
    statuses = Map.copyOf(statuses);
  }

  /** What the pages say; those that nobody answered are missing. */
  static ServerFacts of(Map<String, Asker.Said> pages) {
    Map<String, JsonNode> good = new HashMap<>();
    Map<String, Integer> statuses = new TreeMap<>();
    PAGES.forEach(page -> statuses.put(page, 0));
    pages.forEach(
        (page, said) -> {
          statuses.put(page, said.status());
          if (said.good()) {
            Json.look(said.body().getBytes())
                .filter(JsonNode::isObject)
                .ifPresent(json -> good.put(page, json));
          }
        });
    Kind kind = kind(good);
    return new ServerFacts(
        kind, version(kind, good), models(good), handsOver(kind, good), statuses);
  }

  /** Whether it answered at all, and not only that it is not ready. */
  boolean answered() {
    boolean any = statuses.values().stream().anyMatch(status -> status > 0);
    boolean loading = statuses.values().stream().anyMatch(s -> s == 502 || s == 503 || s == 504);
    return any && !(loading && kind == Kind.UNKNOWN);
  }

  /** Whether it wants a key, which the agent has none of. */
  boolean locked() {
    return statuses.values().stream().anyMatch(status -> status == 401 || status == 403);
  }

  /** Who it is, in words. */
  String title() {
    return version.isEmpty() ? kind.toString() : kind + " " + version;
  }

  /** By what only that server's page has; SGLang before vLLM, since it speaks much of vLLM's. */
  private static Kind kind(Map<String, JsonNode> good) {
    if (has(good, "/get_server_info", "enable_return_hidden_states", "model_path")) {
      return Kind.SGLANG;
    }
    if (has(good, "/props", "default_generation_settings", "build_info")) {
      return Kind.LLAMA_CPP;
    }
    if (has(good, "/info", "max_concurrent_requests", "docker_label")) {
      return Kind.TGI;
    }
    if (has(good, "/version", "version") || owner(good).equals("vllm")) {
      return Kind.VLLM;
    }
    return has(good, "/v2", "extensions") ? Kind.OPEN_INFERENCE : Kind.UNKNOWN;
  }

  private static boolean has(Map<String, JsonNode> good, String page, String... oneOf) {
    JsonNode node = good.get(page);
    return node != null && java.util.Arrays.stream(oneOf).anyMatch(node::has);
  }

  private static String owner(Map<String, JsonNode> good) {
    JsonNode list = good.get(MODELS);
    return list == null ? "" : list.at("/data/0/owned_by").asText("");
  }

  private static String version(Kind kind, Map<String, JsonNode> good) {
    String page =
        switch (kind) {
          case VLLM -> "/version";
          case SGLANG -> "/get_server_info";
          case TGI -> "/info";
          case OPEN_INFERENCE -> "/v2";
          case LLAMA_CPP, UNKNOWN -> "/props";
        };
    JsonNode node = good.get(page);
    String said =
        node == null ? "" : node.path(kind == Kind.LLAMA_CPP ? "build_info" : "version").asText("");
    return clean(said);
  }

  private static List<String> models(Map<String, JsonNode> good) {
    List<String> names = new ArrayList<>();
    JsonNode list = good.get(MODELS);
    if (list != null) {
      for (JsonNode model : list.path("data")) {
        String name = model.path("id").asText("");
        if (!name.isEmpty() && name.length() <= MOST_NAME && names.size() < MOST_MODELS) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static Optional<Boolean> handsOver(Kind kind, Map<String, JsonNode> good) {
    JsonNode node = good.get("/get_server_info");
    return kind == Kind.SGLANG && node.path("enable_return_hidden_states").isBoolean()
        ? Optional.of(node.path("enable_return_hidden_states").booleanValue())
        : Optional.empty();
  }

  /** Another's words for a log: short, and of one line. */
  static String clean(String said) {
    String cut = said.length() > 160 ? said.substring(0, 160) : said;
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
