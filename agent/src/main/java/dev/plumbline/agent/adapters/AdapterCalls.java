package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Calls to one origin about its adapters: small JSON questions, each with a deadline. */
public final class AdapterCalls {
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_WORDS = 240;

  /** Marks what is asked for the agent's sake, as the search for a tap does. */
  private static final Map<String, String> HEADERS =
      Map.of("plumbline-probe", "1", "content-type", "application/json");

  private final Asker asker;
  private final URI origin;
  private final Duration patience;

  /**
   * @param patience for one request: loading reads the adapter's files
   */
  public AdapterCalls(Asker asker, URI origin, Duration patience) {
    this.asker = Objects.requireNonNull(asker, "asker");
    this.origin = Objects.requireNonNull(origin, "origin");
    this.patience = patience;
  }

  Future<Asker.Said> get(String path) {
    return asker.get(origin, path, HEADERS, limits());
  }

  Future<Asker.Said> post(String path, JsonObject body) {
    return post(path, body.encode());
  }

  Future<Asker.Said> post(String path, String body) {
    return asker.post(origin, path, HEADERS, body.getBytes(StandardCharsets.UTF_8), limits());
  }

  private Asker.Limits limits() {
    return new Asker.Limits(patience, MOST_BYTES);
  }

  /** An answer's JSON; an empty object where it is none. */
  static JsonNode json(Asker.Said said) {
    return Json.look(said.body().getBytes())
        .orElseGet(com.fasterxml.jackson.databind.node.JsonNodeFactory.instance::objectNode);
  }

  /**
   * The server's words for what went wrong: {@code error.message} as vLLM and llama.cpp say it,
   * {@code message} as older vLLMs do, {@code error_message} (SGLang), {@code error} (LoRAX),
   * {@code detail} (a route that is not there).
   */
  static String words(Asker.Said said) {
    JsonNode json = json(said);
    for (String at : new String[] {"/error/message", "/message", "/error_message", "/detail"}) {
      if (json.at(at).isTextual()) {
        return clean(json.at(at).textValue());
      }
    }
    return clean(
        json.path("error").isTextual()
            ? json.path("error").textValue()
            : said.body().toString(StandardCharsets.UTF_8));
  }

  /** Another's words for a log: short, and of one line. */
  static String clean(String said) {
    String cut = said.length() > MOST_WORDS ? said.substring(0, MOST_WORDS) : said;
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }

  /** Nothing was answered, or not in time: it may be another time. */
  static Outcome unanswered(Throwable failure) {
    String found = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return new Outcome.Refused("wanted an answer about adapters, found: " + clean(found), false);
  }

  /** It said no. A server that wants a key will want it next time, too; the agent has none. */
  static Outcome refused(String wanted, Asker.Said said, String todo) {
    boolean locked = said.status() == 401 || said.status() == 403;
    String help =
        locked ? "it wants a key, which the agent has not; leave this route open to it" : todo;
    return new Outcome.Refused(
        "wanted %s, found %d: %s; %s".formatted(wanted, said.status(), words(said), help), locked);
  }
}
