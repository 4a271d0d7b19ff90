package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/**
 * One request on its way to the origin and its answer on the way back. Lives on one event loop.
 *
 * <p>Each side's back-pressure reaches the other; either side's end reaches the other; silence of
 * the origin has a limit; and {@link #finish} runs exactly once, which is what makes a verdict
 * exactly one.
 */
final class Passage {
  private final HttpServerRequest in;
  private final HttpServerResponse out;
  private final AgentConfig.Origin settings;
  private final Watch watch;
  private final Deliveries deliveries;
  private final Silence silence;
  private HttpClientRequest toOrigin;
  private Delivering delivering;
  private boolean finished;

  Passage(
      Vertx vertx,
      HttpServerRequest in,
      AgentConfig.Origin settings,
      Watch watch,
      Deliveries deliveries) {
    this.in = in;
    this.out = in.response();
    this.settings = settings;
    this.watch = watch;
    this.deliveries = deliveries;
    this.silence = new Silence(vertx, this::silent);
  }

  void start(OriginClient origin) {
    in.pause();
    out.closeHandler(v -> clientGone());
    out.exceptionHandler(e -> clientGone());
    in.exceptionHandler(e -> clientGone());
    if (watch.wholeRequestBytes() > 0) {
      new WholeRequest(in, watch.wholeRequestBytes())
          .gather(watch::request, gathered -> open(origin, gathered));
    } else {
      origin.open(in).onSuccess(this::send).onFailure(this::unreachable);
    }
  }

  private void open(OriginClient origin, WholeRequest.Gathered gathered) {
    if (!finished) {
      origin.open(in).onSuccess(request -> send(request, gathered)).onFailure(this::unreachable);
    }
  }

  /** Sends a request of which the body is here, or its beginning. */
  private void send(HttpClientRequest request, WholeRequest.Gathered gathered) {
    if (!gathered.whole()) {
      request.write(gathered.body());
      send(request);
      return;
    }
    Optional<Watch.Changed> changed = watch.change(in.path());
    changed.ifPresent(c -> c.headers().forEach(request::putHeader));
    begin(request);
    if (!finished) {
      request.setChunked(false);
      request.headers().remove("content-length");
      request.end(changed.map(Watch.Changed::body).orElse(gathered.body()));
    }
  }

  private void send(HttpClientRequest request) {
    begin(request);
    if (!finished) {
      in.handler(this::forward);
      in.endHandler(end -> request.end());
      in.resume();
    }
  }

  private void begin(HttpClientRequest request) {
    toOrigin = request;
    if (finished) {
      request.reset();
      return;
    }
    request.exceptionHandler(e -> {});
    request.response().onSuccess(this::answer).onFailure(this::unreachable);
    silence.listen(settings.responseTimeout());
  }

  private void forward(Buffer chunk) {
    silence.heard();
    watch.request(chunk);
    toOrigin.write(chunk);
    if (toOrigin.writeQueueFull()) {
      in.pause();
      toOrigin.drainHandler(drained -> in.resume());
    }
  }

  private void answer(HttpClientResponse answer) {
    if (finished) {
      return;
    }
    Watch.Delivery delivery = watch.head(answer);
    delivering = deliveries.start(delivery, in, answer, watch);
    silence.listen(settings.idleTimeout());
    answer.handler(chunk -> pass(answer, chunk));
    answer.exceptionHandler(e -> cut());
    answer.endHandler(end -> arrived(answer));
  }

  private void pass(HttpClientResponse answer, Buffer chunk) {
    silence.heard();
    deliver(watch.passed(chunk));
    if (out.writeQueueFull()) {
      answer.pause();
      silence.suspend(true);
      out.drainHandler(
          drained -> {
            silence.suspend(false);
            answer.resume();
          });
    }
  }

  private void deliver(Buffer chunk) {
    if (chunk.length() > 0) {
      watch.answer(chunk);
      delivering.chunk(chunk);
    }
  }

  private void arrived(HttpClientResponse answer) {
    if (!finished) {
      deliver(watch.rest());
    }
    if (finish(answer.statusCode(), outcome(answer.statusCode()))) {
      delivering.end(answer.trailers());
    }
  }

  private static Outcome outcome(int status) {
    return status >= 400 ? Outcome.ORIGIN_ERROR : Outcome.COMPLETED;
  }

  private void unreachable(Throwable failure) {
    boolean busy = failure instanceof ConnectionPoolTooBusyException;
    String found = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    WireError error =
        WireError.of(
            busy ? ErrorKind.ORIGIN_BUSY : ErrorKind.ORIGIN_UNREACHABLE,
            "Wanted an answer from the model server, found: "
                + found
                + ". Check that it runs and that origin.url is right.");
    refuse(error, Outcome.ORIGIN_UNREACHABLE);
  }

  private void silent() {
    if (delivering != null) {
      hangUp(Outcome.ORIGIN_TIMEOUT);
      return;
    }
    WireError error =
        WireError.of(
            ErrorKind.ORIGIN_TIMEOUT,
            "The model server did not begin to answer within "
                + settings.responseTimeout().toMillis()
                + " ms (origin.response-timeout).");
    refuse(error, Outcome.ORIGIN_TIMEOUT);
    toOrigin.reset();
  }

  private void refuse(WireError error, Outcome outcome) {
    if (finish(error.kind().status(), outcome)) {
      deliveries.failed(outcome);
      dropRest();
      out.setStatusCode(error.kind().status())
          .putHeader("content-type", "application/json")
          .end(Buffer.buffer(error.toBytes()));
    }
  }

  /** What the client still sends has nowhere to go. */
  private void dropRest() {
    if (!in.isEnded()) {
      in.handler(rest -> {});
      in.endHandler(end -> {});
      in.resume();
    }
  }

  private void cut() {
    hangUp(Outcome.ORIGIN_CUT);
  }

  /** The origin ended in the middle: so does what the client gets, not to look like an end. */
  private void hangUp(Outcome outcome) {
    if (finish(out.getStatusCode(), outcome)) {
      deliveries.failed(outcome);
      delivering.cut();
      toOrigin.reset();
      in.connection().close();
    }
  }

  private void clientGone() {
    if (finish(out.headWritten() ? out.getStatusCode() : 0, Outcome.CLIENT_GONE)
        && toOrigin != null) {
      toOrigin.reset();
    }
  }

  /** Whether this was the first end; tells the watch. */
  private boolean finish(int status, Outcome outcome) {
    if (finished) {
      return false;
    }
    finished = true;
    silence.stop();
    watch.over(status, outcome);
    return true;
  }
}
