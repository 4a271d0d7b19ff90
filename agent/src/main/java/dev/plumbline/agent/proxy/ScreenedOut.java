package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.enforce.TrailerWish;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The client's side of a screened stream. The head waits for the first text, so that an error can
 * still be a status. On one event loop.
 */
final class ScreenedOut {
  private final HttpServerRequest in;
  private final HttpServerResponse out;
  private final HttpClientResponse answer;
  private final Watch watch;
  private final Meters meters;
  private final boolean trailers;
  private final Set<Integer> finished = new HashSet<>();
  private boolean begun;

  ScreenedOut(HttpServerRequest in, HttpClientResponse answer, Watch watch, Meters meters) {
    this.in = in;
    this.out = in.response();
    this.answer = answer;
    this.watch = watch;
    this.meters = meters;
    this.trailers = TrailerWish.of(in);
  }

  /** Whether anything has gone out. */
  boolean begun() {
    return begun;
  }

  void write(byte[] bytes) {
    if (bytes.length == 0 || out.ended()) {
      return;
    }
    begin();
    out.write(Buffer.buffer(bytes));
  }

  private void begin() {
    if (begun) {
      return;
    }
    begun = true;
    Deliveries.head(in, answer, Set.of("content-length"));
    Deliveries.name(in, watch);
    if (trailers) {
      out.headers().add("trailer", String.join(", ", Annotation.NAMES));
    }
  }

  /** An event went out: the choices that end with it are at their end. */
  void saw(JsonNode chunk) {
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.path("finish_reason").isTextual()) {
        finished.add(choice.path("index").asInt());
      }
    }
  }

  /** Choices without an end. */
  List<Integer> open(int choices) {
    return IntStream.range(0, choices).filter(i -> !finished.contains(i)).boxed().toList();
  }

  /** While the client does not take what there is, its source stands still. */
  void pauseWhileFull(HttpClientResponse from, Onward onward) {
    if (!out.ended() && !out.closed() && out.writeQueueFull()) {
      from.pause();
      onward.clientSlow(true);
      out.drainHandler(
          drained -> {
            onward.clientSlow(false);
            from.resume();
          });
    }
  }

  /** The end, and the verdict with it. */
  void end(Annotation annotation, MultiMap originTrailers) {
    if (out.closed() || out.ended()) {
      return;
    }
    begin();
    meters.count(Meter.ANNOTATIONS, "applied");
    out.trailers().addAll(originTrailers);
    if (trailers) {
      annotation.fields().forEach(out::putTrailer);
    }
    out.end(annotation.comment());
  }

  /** An error in the answer's place; nothing has gone out. */
  void error(Telling told) {
    if (out.closed() || out.ended()) {
      return;
    }
    WireError error = told.instead().orElseThrow();
    meters.count(Meter.ANNOTATIONS, "applied");
    told.annotation().fields().forEach((name, value) -> out.headers().set(name, value));
    Deliveries.name(in, watch);
    out.setStatusCode(error.kind().status())
        .putHeader("content-type", "application/json")
        .end(Buffer.buffer(error.toBytes()));
  }
}
