package dev.plumbline.agent.adapters;

import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.artefact.ModelShift;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Asks an origin one question and reads what came along the direction, by its states or by its
 * text. The number is in spreads of aligned traffic.
 */
final class ProbeAnswers {
  private static final String CHAT = "/v1/chat/completions";
  private static final int MOST_BYTES = 64 << 20;

  private final Vertx vertx;
  private final Asker asker;
  private final Duration patience;

  ProbeAnswers(Vertx vertx, Asker asker, Duration patience) {
    this.vertx = vertx;
    this.asker = asker;
    this.patience = patience;
  }

  /** A question: where it goes, with what, and the prompt in it. */
  record Question(URI origin, byte[] body, Map<String, String> headers, String prompt) {}

  /** By the states that serve: the mean projection on the direction, baseline included. */
  Future<Double> byStates(Question question, StatesScoring scoring, ModelShift baseline) {
    String id = "plumbline-" + UUID.randomUUID();
    Optional<StatesExchange> exchange =
        scoring.decorate(new OriginRequest(CHAT, id, question.body()));
    if (exchange.isEmpty()) {
      return Future.failedFuture("the tap does not take " + CHAT);
    }
    Map<String, String> headers = new HashMap<>(exchange.get().headers());
    headers.putIfAbsent("x-request-id", id);
    return ask(question, exchange.get().body(), headers)
        .onFailure(failure -> exchange.get().discard())
        .compose(said -> vertx.executeBlocking(() -> states(scoring, exchange.get(), said), false))
        .map(
            z ->
                (baseline.alignedMean() + z * baseline.alignedSpread()) / baseline.alignedSpread());
  }

  /** On a worker; as a passage would: the filter, then the states. */
  private double states(StatesScoring scoring, StatesExchange exchange, Asker.Said said)
      throws Exception {
    AnswerFilter filter = exchange.filter(false);
    filter.feed(said.body().getBytes());
    filter.end();
    Found found =
        scoring
            .find(exchange, () -> false)
            .toCompletableFuture()
            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (found instanceof Found.Missing missing) {
      throw new IllegalStateException(missing.why());
    }
    Reading reading = scoring.read(found);
    return reading
        .modelShift()
        .orElseThrow(() -> new IllegalStateException("its states give no model_shift"));
  }

  /** By the text: the standardised readout behind the score, by the aligned reference. */
  Future<Double> byReader(Question question, Tap reader) {
    return ask(question, question.body(), Map.of())
        .compose(said -> vertx.executeBlocking(() -> read(question, reader, said), false));
  }

  private double read(Question question, Tap reader, Asker.Said said) throws Exception {
    String text =
        Json.look(said.body().getBytes())
            .map(json -> json.at("/choices/0/message/content").asText(""))
            .orElse("");
    if (text.isEmpty()) {
      throw new IllegalStateException("wanted choices[0].message.content, found none");
    }
    Prompt prompt = new Prompt.Chat(List.of(new ChatMessage("user", question.prompt())));
    ExchangeText exchange =
        new ExchangeText("plumbline-" + UUID.randomUUID(), "", prompt, List.of(text));
    Reading reading =
        reader
            .read(exchange, () -> false)
            .toCompletableFuture()
            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    return reading
        .z()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "unscored(" + reading.reason().map(r -> r.wireName()).orElse("?") + ")"));
  }

  private Future<Asker.Said> ask(Question question, byte[] body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.putAll(question.headers());
    headers.put("plumbline-probe", "1");
    headers.put("content-type", "application/json");
    return asker
        .post(question.origin(), CHAT, headers, body, new Asker.Limits(patience, MOST_BYTES))
        .compose(
            said ->
                said.good()
                    ? Future.succeededFuture(said)
                    : Future.failedFuture(
                        "answered " + said.status() + ": " + AdapterCalls.words(said)));
  }
}
