package dev.plumbline.agent.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.TakenUp;
import dev.plumbline.agent.scoring.UnderWay;
import dev.plumbline.agent.tap.DirectionReading;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Verdict;
import java.util.List;
import java.util.OptionalDouble;

/** An exchange as JSON. A number that is not known is null, never 0. */
final class ExchangeJson {
  private ExchangeJson() {}

  static ObjectNode of(Exchange exchange) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", exchange.id());
    node.put("under_way", false);
    node.put("model", exchange.model());
    node.put("route", exchange.route().path());
    node.put("served", exchange.embedded() ? "embedded" : "origin");
    node.put("origin", exchange.origin().isEmpty() ? null : exchange.origin());
    node.put("mode", exchange.mode().wireName());
    node.put("stream", exchange.stream());
    node.put("status", exchange.status());
    node.put("outcome", exchange.outcome().wireName());
    reading(node, exchange.reading());
    number(node, "peak_score", exchange.peakScore());
    node.put("action", exchange.action().wireName());
    node.put("seam", exchange.seam().map(TakenUp::way).orElse(null));
    node.put("seam_reason", exchange.seam().map(TakenUp::reason).orElse(null));
    node.put("tokens_touched", exchange.tokensTouched());
    node.put("mean_removed", exchange.meanRemoved());
    node.put("prompt_tokens", exchange.promptTokens());
    node.put("completion_tokens", exchange.completionTokens());
    node.put("started_at", exchange.startedAt().toString());
    node.put("answer_ms", exchange.answerTime().toNanos() / 1e6);
    node.put("verdict_ms", exchange.verdictTime().toNanos() / 1e6);
    return node;
  }

  /** Of one that is not settled: what it said so far, and nothing of its end. */
  static ObjectNode of(UnderWay exchange) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", exchange.id());
    node.put("under_way", true);
    node.put("model", exchange.model());
    node.put("route", exchange.route().path());
    node.put("origin", exchange.origin().isEmpty() ? null : exchange.origin());
    node.put("mode", exchange.mode().wireName());
    node.put("stream", exchange.stream());
    reading(node, exchange.reading());
    number(node, "peak_score", exchange.peakScore());
    node.put("started_at", exchange.startedAt().toString());
    return node;
  }

  static ObjectNode list(List<Exchange> exchanges) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode array = root.putArray("exchanges");
    exchanges.forEach(exchange -> array.add(of(exchange)));
    return root;
  }

  private static void reading(ObjectNode node, Reading reading) {
    node.put("verdict", reading.verdict().wireName());
    node.put("reason", reading.reason().map(reason -> reason.wireName()).orElse(null));
    number(node, "score", reading.score());
    number(node, "threshold", threshold(reading.verdict()));
    number(node, "z", reading.z());
    number(node, "model_shift", reading.modelShift());
    node.put("direction", reading.direction().orElse(null));
    node.put("tokens_scored", reading.tokensScored());
    node.put("scoring_ms", reading.scoringTime().toNanos() / 1e6);
    ObjectNode directions = node.putObject("directions");
    reading.directions().forEach((name, found) -> direction(directions.putObject(name), found));
  }

  private static void direction(ObjectNode node, DirectionReading found) {
    node.put("verdict", found.verdict().wireName());
    node.put(
        "reason",
        found.verdict() instanceof Verdict.Unscored unscored ? unscored.reason().wireName() : null);
    number(node, "score", found.score());
    number(node, "threshold", threshold(found.verdict()));
    number(node, "z", found.z());
  }

  private static OptionalDouble threshold(Verdict verdict) {
    return verdict instanceof Verdict.Drifted drifted
        ? OptionalDouble.of(drifted.threshold())
        : OptionalDouble.empty();
  }

  private static void number(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }
}
