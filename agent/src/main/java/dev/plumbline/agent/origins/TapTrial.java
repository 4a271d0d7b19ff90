package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesScoring;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * One exchange of the agent's own with an origin, by the very tap that is to read its traffic: what
 * the tap finds here it will find there. Two tokens, since the last sampled one never has a state:
 * of one token nothing would be left, and a vLLM that writes the prompt's states only would pass.
 * The prompt is the agent's, the request says {@value #MARK}.
 */
final class TapTrial {
  /** Marks what is asked for the agent's sake; its value is 1. */
  static final String MARK = "plumbline-probe";

  /**
   * How it went.
   *
   * @param problem empty where states came and can be read
   * @param later the server could not say: it was overrun, or did not answer
   */
  record Result(String problem, boolean later) {
    boolean works() {
      return problem.isEmpty();
    }
  }

  private static final Set<Integer> LATER = Set.of(429, 502, 503, 504);
  private static final int TOKENS = 2;
  private static final String PROMPT = "1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FIND_SECONDS = 30;

  private final Vertx vertx;
  private final Asker asker;
  private final int mostBytes;

  TapTrial(Vertx vertx, Asker asker, int mostBytes) {
    this.vertx = vertx;
    this.asker = asker;
    this.mostBytes = mostBytes;
  }

  /** Tries. Never fails. */
  Future<Result> of(
      URI origin, StatesScoring scoring, StatesSource source, Optional<String> model) {
    boolean generate = source == StatesSource.SGLANG;
    String path = generate ? "/generate" : "/v1/completions";
    String id = "plumbline-" + UUID.randomUUID();
    byte[] body = generate ? generate() : completions(model.orElse(""));
    Optional<StatesExchange> exchange = scoring.decorate(new OriginRequest(path, id, body));
    if (exchange.isEmpty()) {
      return Future.succeededFuture(new Result("the tap does not take " + path, false));
    }
    Map<String, String> headers = new HashMap<>(exchange.get().headers());
    headers.put(MARK, "1");
    headers.put("content-type", "application/json");
    headers.putIfAbsent("x-request-id", id);
    return asker
        .post(origin, path, headers, exchange.get().body(), new Asker.Limits(PATIENCE, mostBytes))
        .compose(said -> judge(scoring, exchange.get(), said))
        .recover(
            failure -> {
              exchange.get().discard();
              String words = ServerFacts.clean(String.valueOf(failure.getMessage()));
              return Future.succeededFuture(new Result("the trial failed: " + words, true));
            });
  }

  private Future<Result> judge(StatesScoring scoring, StatesExchange exchange, Asker.Said said) {
    if (!said.good()) {
      exchange.discard();
      String words = ServerFacts.clean(said.body().toString(StandardCharsets.UTF_8));
      String problem = "the trial was answered " + said.status() + ": " + words;
      return Future.succeededFuture(new Result(problem, LATER.contains(said.status())));
    }
    return vertx.executeBlocking(() -> new Result(read(scoring, exchange, said), false), false);
  }

  /** As a passage would: the filter, then the states. */
  private static String read(StatesScoring scoring, StatesExchange exchange, Asker.Said said)
      throws Exception {
    AnswerFilter filter = exchange.filter(false);
    filter.feed(said.body().getBytes());
    filter.end();
    Found found =
        scoring
            .find(exchange, () -> false)
            .toCompletableFuture()
            .get(FIND_SECONDS, TimeUnit.SECONDS);
    if (found instanceof Found.Missing missing) {
      return missing.why();
    }
    Reading reading = scoring.read(found);
    return reading.score().isPresent() || reading.modelShift().isPresent()
        ? ""
        : "its states came and are of no use: unscored("
            + reading.reason().map(r -> r.wireName()).orElse("?")
            + ")";
  }

  private static byte[] completions(String model) {
    return new JsonObject()
        .put("model", model)
        .put("prompt", PROMPT)
        .put("max_tokens", TOKENS)
        .put("temperature", 0)
        .put("ignore_eos", true)
        .put("stream", false)
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] generate() {
    JsonObject sampling =
        new JsonObject()
            .put("max_new_tokens", TOKENS)
            .put("temperature", 0)
            .put("ignore_eos", true);
    return new JsonObject()
        .put("text", PROMPT)
        .put("sampling_params", sampling)
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }
}
