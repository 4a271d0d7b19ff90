package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.origins.TlsFailure;
import dev.plumbline.agent.scoring.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import java.time.Duration;
import java.util.Set;

/**
 * One gRPC call on its way to the origin and its answer on the way back, both over HTTP/2. Lives on
 * one event loop.
 *
 * <p>Neither half waits for the other, each half's back-pressure reaches its sender, and only the
 * stream is ever ended, never the connection, which carries other calls. A reset of one side is the
 * same reset on the other. What the agent itself has to say is a gRPC status. {@link #finish} runs
 * exactly once.
 */
final class GrpcPassage {
  /** RFC 9113, section 7. */
  private static final long NO_ERROR = 0;

  private static final long CANCEL = 8;

  /**
   * How long silence may last.
   *
   * @param open while the client may still ask: both may be waiting for it
   * @param response for the origin's first word to a request that has ended
   * @param idle for its next
   * @param client for the client to take what there is
   * @param pong for a silent origin's machine to say that it is there
   */
  record Waits(Duration open, Duration response, Duration idle, Duration client, Duration pong) {
    static Waits of(AgentConfig config) {
      AgentConfig.Origin origin = config.origin().orElseThrow();
      return new Waits(
          config.deadlines().connectionIdle(),
          origin.responseTimeout(),
          origin.idleTimeout(),
          config.deadlines().clientIdle(),
          origin.connectTimeout());
    }
  }

  private final Vertx vertx;
  private final HttpServerRequest in;
  private final HttpServerResponse out;
  private final Waits waits;
  private final GrpcWatch watch;
  private final Deliveries deliveries;
  private final Runnable whenClosed;
  private final Silence silence;
  private GrpcDestinations.To destination;

  /** What came of the request before it was known where it goes. */
  private final Buffer early = Buffer.buffer();

  private HttpClientRequest toOrigin;
  private HttpClientResponse origin;
  private boolean halfClosed;
  private boolean clientSlow;

  /** A piece is still being changed: no other may come, whoever else has room. */
  private boolean changing;

  private boolean finished;

  GrpcPassage(
      Vertx vertx,
      Silences silences,
      HttpServerRequest in,
      Waits waits,
      GrpcWatch watch,
      Deliveries deliveries,
      Runnable whenClosed) {
    this.vertx = vertx;
    this.in = in;
    this.out = in.response();
    this.waits = waits;
    this.watch = watch;
    this.deliveries = deliveries;
    this.whenClosed = whenClosed;
    this.silence = new Silence(silences, this::silent);
  }

  void start(GrpcDestinations.To to) {
    destination = to;
    in.pause();
    in.exceptionHandler(e -> clientGone(code(e)));
    out.exceptionHandler(e -> clientGone(code(e)));
    out.closeHandler(v -> clientGone(CANCEL));
    out.bodyEndHandler(v -> answered());
    if (to.awaits()) {
      silence.listen(waits.open());
      in.handler(this::learn);
      in.endHandler(end -> learnt(true));
      in.resume();
    } else {
      open();
    }
  }

  private void open() {
    destination.open(in, watch.requestId()).onSuccess(this::send).onFailure(this::failed);
  }

  private void learn(Buffer chunk) {
    watch.request(chunk);
    early.appendBuffer(chunk);
    if (destination.learns(chunk, in.getHeader("grpc-encoding"))) {
      in.pause();
      learnt(false);
    }
  }

  private void learnt(boolean whole) {
    halfClosed = whole;
    in.handler(null);
    in.endHandler(null);
    if (!finished) {
      open();
    }
  }

  private void send(HttpClientRequest request) {
    toOrigin = request;
    request.exceptionHandler(e -> {});
    if (finished) {
      request.reset(CANCEL);
      return;
    }
    silence.listen(waits.open());
    watch.sending(request);
    request.response().map(this::answer).onFailure(this::failed);
    request.setChunked(true).sendHead();
    if (early.length() > 0) {
      write(watch.sent(early));
    }
    if (halfClosed) {
      halfClosed();
      return;
    }
    in.handler(this::forward);
    in.endHandler(end -> halfClosed());
    in.resume();
  }

  private void forward(Buffer chunk) {
    if (finished) {
      return;
    }
    silence.heard();
    watch.request(chunk);
    write(watch.sent(chunk));
    if (toOrigin.writeQueueFull()) {
      in.pause();
      toOrigin.drainHandler(drained -> in.resume());
    }
  }

  private void write(Buffer bytes) {
    if (bytes.length() > 0) {
      toOrigin.write(bytes);
    }
  }

  private void halfClosed() {
    halfClosed = true;
    if (!finished) {
      write(watch.sentLast());
      toOrigin.end();
      listen();
    }
  }

  /** Listens for whoever's turn it is. */
  private void listen() {
    if (clientSlow) {
      silence.listen(waits.client());
    } else if (!halfClosed) {
      silence.listen(waits.open());
    } else {
      silence.listen(origin == null ? waits.response() : waits.idle());
    }
  }

  private Void answer(HttpClientResponse answer) {
    if (finished) {
      return null;
    }
    origin = answer;
    destination.answered(answer.statusCode());
    listen();
    out.setStatusCode(answer.statusCode());
    Headers.copy(answer.headers(), out.headers(), Set.of());
    boolean early = watch.head(answer);
    answer.handler(this::pass);
    answer.exceptionHandler(this::cut);
    answer.endHandler(end -> arrived());
    if (early && !trailersOnly()) {
      vertx.runOnContext(v -> headNow());
    }
    return null;
  }

  /** A head that ends the call must stay in one frame with the end. */
  private boolean trailersOnly() {
    return origin.headers().contains(GrpcStatus.CODE);
  }

  private void headNow() {
    if (!finished && !out.headWritten()) {
      out.writeHead();
    }
  }

  private void pass(Buffer chunk) {
    if (finished) {
      return;
    }
    silence.heard();
    Future<Buffer> passed = watch.passed(chunk);
    if (passed.isComplete()) {
      deliver(passed);
      return;
    }
    origin.pause();
    changing = true;
    passed.onComplete(
        done -> {
          changing = false;
          deliver(passed);
          resume();
        });
  }

  /** The client may take more at any time: room on its connection is not this call's alone. */
  private void resume() {
    if (!clientSlow && !changing) {
      origin.resume();
    }
  }

  private void deliver(Future<Buffer> passed) {
    if (finished) {
      return;
    }
    if (passed.failed()) {
      refuse(((GrpcWatch.Refusal) passed.cause()).status(), Outcome.WITHHELD);
      return;
    }
    if (passed.result().length() > 0) {
      out.write(passed.result());
      slowDown();
    }
  }

  private void slowDown() {
    if (!out.writeQueueFull()) {
      return;
    }
    origin.pause();
    clientSlow = true;
    listen();
    out.drainHandler(
        drained -> {
          clientSlow = false;
          if (!finished) {
            listen();
            resume();
          }
        });
  }

  private void arrived() {
    if (finish(origin.statusCode(), outcome())) {
      watch.end().onSuccess(this::conclude);
    }
  }

  private Outcome outcome() {
    String inTrailers = origin.getTrailer(GrpcStatus.CODE);
    String code = inTrailers == null ? origin.getHeader(GrpcStatus.CODE) : inTrailers;
    boolean good = origin.statusCode() == 200 && Integer.toString(GrpcStatus.OK).equals(code);
    return good ? Outcome.COMPLETED : Outcome.ORIGIN_ERROR;
  }

  private void conclude(GrpcWatch.End end) {
    if (out.closed() || out.ended()) {
      return;
    }
    if (end.instead().isPresent()) {
      say(end.instead().get());
      return;
    }
    if (end.rest().length() > 0) {
      out.write(end.rest());
    }
    if (origin.trailers().isEmpty() && !out.headWritten()) {
      GrpcStatus.endHead(out);
      return;
    }
    out.trailers().addAll(origin.trailers());
    end.trailers().forEach(out::putTrailer);
    out.end();
  }

  /** The origin broke off: its reset is passed on, the loss of its connection is told. */
  private void cut(Throwable failure) {
    if (failure instanceof StreamResetException reset) {
      if (finish(out.headWritten() ? out.getStatusCode() : 0, Outcome.ORIGIN_CUT)) {
        deliveries.failed(Outcome.ORIGIN_CUT);
        out.reset(reset.getCode());
      }
    } else {
      refuse(
          GrpcStatus.unavailable("The model server broke off its answer: " + found(failure) + "."),
          Outcome.ORIGIN_CUT);
    }
  }

  private void failed(Throwable failure) {
    if (failure instanceof StreamResetException) {
      cut(failure);
      return;
    }
    refuse(
        GrpcStatus.unavailable(
            "Wanted an answer from the model server, found: "
                + found(failure)
                + ". Check that it runs and that origin.grpc-url is right."),
        Outcome.ORIGIN_UNREACHABLE);
  }

  private void silent() {
    if (clientSlow || !halfClosed) {
      deliveries.stalled();
      refuse(
          new GrpcStatus(
              GrpcStatus.DEADLINE_EXCEEDED,
              "Nothing was sent or taken for " + (clientSlow ? waits.client() : waits.open())),
          Outcome.CLIENT_GONE);
      return;
    }
    if (origin == null) {
      destination.silent();
    }
    GrpcOrigin.requireAlive(vertx, toOrigin.connection(), waits.pong());
    refuse(
        new GrpcStatus(
            GrpcStatus.DEADLINE_EXCEEDED,
            "The model server said nothing for "
                + (origin == null ? waits.response() : waits.idle()).toMillis()
                + " ms (origin.response-timeout, origin.idle-timeout)."),
        Outcome.ORIGIN_TIMEOUT);
  }

  private void refuse(GrpcStatus status, Outcome outcome) {
    if (finish(200, outcome)) {
      deliveries.failed(outcome);
      say(status);
      if (toOrigin != null) {
        toOrigin.reset(CANCEL);
      }
    }
  }

  private void say(GrpcStatus status) {
    if (out.headWritten()) {
      status.finish(out);
    } else {
      status.answer(out);
    }
  }

  /** The client has its answer; what is left of its request is neither read nor waited for. */
  private void answered() {
    if (!halfClosed) {
      out.reset(NO_ERROR);
      if (toOrigin != null) {
        toOrigin.reset(CANCEL);
      }
    }
  }

  private void clientGone(long code) {
    if (finish(out.headWritten() ? out.getStatusCode() : 0, Outcome.CLIENT_GONE)
        && toOrigin != null) {
      toOrigin.reset(code);
    }
  }

  private static long code(Throwable failure) {
    return failure instanceof StreamResetException reset ? reset.getCode() : CANCEL;
  }

  private static String found(Throwable failure) {
    return TlsFailure.words(failure);
  }

  /** Whether this was the first end; tells the watch. */
  private boolean finish(int status, Outcome outcome) {
    if (finished) {
      return false;
    }
    finished = true;
    silence.stop();
    destination.over();
    watch.over(status, outcome);
    whenClosed.run();
    return true;
  }
}
