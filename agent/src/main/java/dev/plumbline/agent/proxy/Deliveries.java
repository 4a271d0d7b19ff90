package dev.plumbline.agent.proxy;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.scoring.ExchangeId;
import dev.plumbline.agent.scoring.Outcome;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;

/** Starts deliveries. */
final class Deliveries {
  private final Meters meters;
  private final int holdBytes;

  Deliveries(Meters meters, int holdBytes) {
    this.meters = meters;
    this.holdBytes = holdBytes;
  }

  Delivering start(
      Watch.Delivery delivery,
      HttpServerRequest in,
      HttpClientResponse answer,
      Watch watch,
      Onward onward) {
    return switch (delivery) {
      case PASS -> {
        head(in, answer, Set.of());
        yield new Pass(in.response(), answer.version());
      }
      case PASS_THEN_TELL -> new PassThenTell(in, answer, watch, meters);
      case HOLD -> new Hold(in, answer, watch.holdBytes(holdBytes), watch, meters);
      case SCREEN -> watch.screen(in, answer, onward);
    };
  }

  void failed(Outcome outcome) {
    if (outcome != Outcome.CLIENT_GONE) {
      meters.count(Meter.ORIGIN_FAILURES, outcome.wireName());
    }
  }

  /** A client did not take its answer in time. */
  void stalled() {
    meters.count(Meter.DROPS, "client_stalled");
  }

  /**
   * Copies the head; the body's framing is the hop's own, its length is not. For an answer to HEAD
   * and for 304 "chunked" is never written: it only keeps Vert.x from making up a length of 0.
   */
  static void head(HttpServerRequest in, HttpClientResponse answer, Set<String> except) {
    HttpServerResponse out = in.response();
    out.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
    Headers.copy(answer.headers(), out.headers(), except);
    if (answer.statusCode() != 204 && !out.headers().contains("content-length")) {
      out.setChunked(true);
    }
  }

  /** Whether an answer has a body, be it an empty one; RFC 9110, section 6.4.1. */
  static boolean bodyFollows(HttpServerRequest in) {
    int status = in.response().getStatusCode();
    return in.method() != HttpMethod.HEAD && status != 204 && status != 304;
  }

  /** Names the exchange to its client, unless the origin has; for answers that are told of. */
  static void name(HttpServerRequest in, Watch watch) {
    if (!in.response().headers().contains(ExchangeId.HEADER)) {
      watch.requestId().ifPresent(id -> in.response().putHeader(ExchangeId.HEADER, id));
    }
  }

  /** Copies the head of a 101, of which the hop's own headers are the sense. */
  static void upgrade(HttpServerRequest in, HttpClientResponse answer) {
    HttpServerResponse out = in.response();
    out.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
    out.headers().addAll(answer.headers());
  }
}
