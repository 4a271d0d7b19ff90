package dev.plumbline.agent.tracing;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Route;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/**
 * What spans say, in the names of OpenTelemetry's semantic conventions where they have one. Values
 * of clients (model, path, authority) are cut to a length; nothing of a prompt or an answer is
 * among them.
 */
final class SpanFacts {
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");

  private static final int MOST_CHARACTERS = 256;

  private SpanFacts() {}

  static String operation(Route route) {
    return switch (route) {
      case CHAT_COMPLETIONS, RESPONSES, MESSAGES -> "chat";
      case OIP_INFER -> "infer";
      default -> "text_completion";
    };
  }

  static void request(Span server, String id, Route route, HttpServerRequest request) {
    server.setAttribute("plumbline.exchange.id", id);
    server.setAttribute("gen_ai.operation.name", operation(route));
    server.setAttribute("http.request.method", request.method().name());
    server.setAttribute("http.route", route.path());
    server.setAttribute("url.path", cut(request.path()));
    if (request.authority() != null) {
      server.setAttribute("server.address", cut(request.authority().host()));
      if (request.authority().port() > 0) {
        server.setAttribute("server.port", (long) request.authority().port());
      }
    }
  }

  static void origin(Span client, HttpClientRequest request) {
    client.setAttribute("http.request.method", request.getMethod().name());
    SocketAddress remote = request.connection().remoteAddress();
    if (remote != null && remote.host() != null) {
      client.setAttribute("server.address", remote.host());
      client.setAttribute("server.port", (long) remote.port());
    }
  }

  static void reading(Span scoring, Reading reading) {
    verdict(scoring, reading);
    scoring.setAttribute("plumbline.tokens_scored", (long) reading.tokensScored());
    scoring.setAttribute("plumbline.scoring_ms", reading.scoringTime().toNanos() / 1e6);
  }

  static void settled(Span server, Span client, Route route, ExchangeTrace.Settled facts) {
    if (!facts.model().isEmpty()) {
      server.updateName(operation(route) + " " + cut(facts.model()));
      server.setAttribute("gen_ai.request.model", cut(facts.model()));
    }
    if (facts.usage().promptTokens() > 0) {
      server.setAttribute("gen_ai.usage.input_tokens", (long) facts.usage().promptTokens());
    }
    if (facts.usage().completionTokens() > 0) {
      server.setAttribute("gen_ai.usage.output_tokens", (long) facts.usage().completionTokens());
    }
    if (!facts.origin().isEmpty()) {
      server.setAttribute("plumbline.origin", facts.origin());
    }
    server.setAttribute("plumbline.mode", facts.mode().wireName());
    server.setAttribute("plumbline.stream", facts.stream());
    server.setAttribute("plumbline.action", facts.action());
    facts.seam().ifPresent(way -> server.setAttribute("plumbline.seam", way));
    facts.seamReason().ifPresent(why -> server.setAttribute("plumbline.seam_reason", why));
    verdict(server, facts.reading());
    http(server, facts);
  }

  private static void http(Span server, ExchangeTrace.Settled facts) {
    server.setAttribute("plumbline.outcome", facts.outcome());
    if (facts.status() > 0) {
      server.setAttribute(STATUS, (long) facts.status());
    }
    if (facts.status() >= 500 || facts.status() == 0) {
      server.setAttribute("error.type", facts.outcome());
      server.setStatus(StatusCode.ERROR);
    }
  }

  private static void verdict(Span span, Reading reading) {
    span.setAttribute("plumbline.verdict", reading.verdict().wireName());
    reading.reason().ifPresent(why -> span.setAttribute("plumbline.reason", why.wireName()));
    reading.score().ifPresent(score -> span.setAttribute("plumbline.score", score));
    reading.modelShift().ifPresent(shift -> span.setAttribute("plumbline.model_shift", shift));
    reading.direction().ifPresent(name -> span.setAttribute("plumbline.direction", name));
  }

  private static String cut(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS);
  }
}
