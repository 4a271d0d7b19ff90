package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.origins.TlsFailure;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.WireError;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.util.Optional;

/**
 * One request on its way to the origin and its answer on the way back. Lives on one event loop.
 *
 * <p>Each side's back-pressure reaches the other; either side's end reaches the other; silence of
 * the origin has a limit; and {@link #finish} runs exactly once, which is what makes a verdict
 * exactly one.
 */
final class Passage implements Onward {
  private final Vertx vertx;
  private final HttpServerRequest in;
  private final HttpServerResponse out;
  private final AgentConfig.Origin settings;
  private final Watch watch;
  private final Deliveries deliveries;
  private final Silences silences;
  private final Silence silence;
  private final LastPiece last;
  private final Interim interim;
  private Destination destination;
  private HttpClientRequest toOrigin;
  private Delivering delivering;
  private final Runnable whenClosed;
  private final AgentConfig.Deadlines deadlines;
  private boolean upgrade;
  private boolean clientSlow;
  private boolean originStopped;
  private boolean finished;

  Passage(
      Vertx vertx,
      Silences silences,
      HttpServerRequest in,
      AgentConfig.Origin settings,
      Watch watch,
      Deliveries deliveries,
      AgentConfig.Deadlines deadlines,
      Runnable whenClosed) {
    this.vertx = vertx;
    this.in = in;
    this.interim = new Interim(in);
    this.out = in.response();
    this.settings = settings;
    this.watch = watch;
    this.deliveries = deliveries;
    this.deadlines = deadlines;
    this.whenClosed = whenClosed;
    this.silences = silences;
    this.silence = new Silence(silences, this::silent);
    this.last = new LastPiece(in.version(), in.headers());
  }

  void start(Destination to) {
    destination = to;
    in.pause();
    out.closeHandler(v -> clientGone());
    out.exceptionHandler(e -> clientGone());
    in.exceptionHandler(e -> clientGone());
    out.bodyEndHandler(v -> answered());
    upgrade = watch.mayTunnel() && Tunnel.askedFor(in);
    int awaited = Math.max(watch.wholeRequestBytes(), to.awaitedBytes());
    if (!upgrade && awaited > 0) {
      interim.goOn();
      silence.listen(deadlines.connectionIdle());
      new WholeRequest(in, awaited).gather(this::enough, this::open);
    } else {
      to.open(in, watch.requestId(), upgrade, false)
          .onSuccess(this::send)
          .onFailure(this::unreachable);
    }
  }

  /** Takes a piece of a request that is waited for; whether no more of it is needed. */
  private boolean enough(Buffer chunk) {
    silence.heard();
    watch.request(chunk);
    return destination.learns(chunk) && watch.wholeRequestBytes() == 0;
  }

  private void open(WholeRequest.Gathered gathered) {
    if (!finished) {
      silence.stop();
      destination
          .open(in, watch.requestId(), false, gathered.whole())
          .onSuccess(request -> send(request, gathered))
          .onFailure(this::unreachable);
    }
  }

  /** Sends a request of which the body is here, or its beginning. */
  private void send(HttpClientRequest request, WholeRequest.Gathered gathered) {
    request.headers().remove("expect");
    if (!gathered.whole()) {
      begin(request);
      if (!finished) {
        write(gathered.body());
        forwardRest();
      }
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
    if (!finished && !upgrade) {
      interim.pass(request);
      forwardRest();
    }
  }

  private void forwardRest() {
    in.handler(this::forward);
    in.endHandler(end -> last.held().ifPresentOrElse(toOrigin::end, toOrigin::end));
    in.resume();
  }

  private void begin(HttpClientRequest request) {
    toOrigin = request;
    request.exceptionHandler(e -> {});
    if (finished) {
      request.reset();
      return;
    }
    watch.sending(request);
    silence.listen(settings.responseTimeout());
    if (upgrade) {
      request.connect().map(this::upgraded).onFailure(this::unreachable);
    } else {
      request.response().map(this::answer).onFailure(this::unreachable);
    }
  }

  private void forward(Buffer chunk) {
    silence.heard();
    watch.request(chunk);
    if (last.holds(chunk)) {
      return;
    }
    write(chunk);
    if (toOrigin.writeQueueFull()) {
      in.pause();
      toOrigin.drainHandler(drained -> in.resume());
    }
  }

  private void write(Buffer chunk) {
    if (!toOrigin.isChunked() && !toOrigin.headers().contains("content-length")) {
      toOrigin.setChunked(true);
    }
    toOrigin.write(chunk);
  }

  /** A head that cannot be passed on fails the future it is mapped in, and is answered for. */
  private Void answer(HttpClientResponse answer) {
    if (finished) {
      return null;
    }
    destination.answered(answer.statusCode());
    Watch.Delivery delivery = watch.head(answer);
    delivering = deliveries.start(delivery, in, answer, watch, this);
    silence.listen(settings.idleTimeout());
    answer.handler(chunk -> pass(answer, chunk));
    answer.exceptionHandler(e -> cut());
    answer.endHandler(end -> arrived(answer));
    if (delivery != Watch.Delivery.HOLD && delivery != Watch.Delivery.SCREEN) {
      vertx.runOnContext(v -> headNow());
    }
    return null;
  }

  /**
   * A head whose body is not there yet does not wait for it; one whose body came along went out.
   */
  private void headNow() {
    if (!finished && !out.headWritten() && Deliveries.bodyFollows(in)) {
      out.writeHead();
    }
  }

  /** The origin goes on in another protocol, or answers as if it had not been asked to. */
  private Void upgraded(HttpClientResponse answer) {
    if (answer.statusCode() != 101 || finished) {
      return answer(answer);
    }
    NetSocket origin = answer.netSocket();
    origin.pause();
    destination.answered(answer.statusCode());
    out.bodyEndHandler(null);
    Deliveries.upgrade(in, answer);
    in.toNetSocket().onSuccess(client -> tunnel(client, origin)).onFailure(e -> cut());
    return null;
  }

  private void tunnel(NetSocket client, NetSocket origin) {
    silence.stop();
    Tunnel.join(
        silences, client, origin, settings.idleTimeout(), () -> finish(101, Outcome.COMPLETED));
  }

  private void pass(HttpClientResponse answer, Buffer chunk) {
    if (finished || originStopped) {
      return;
    }
    silence.heard();
    deliver(watch.passed(chunk));
    if (!out.ended() && out.writeQueueFull()) {
      answer.pause();
      clientSlow(true);
      out.drainHandler(
          drained -> {
            clientSlow(false);
            answer.resume();
          });
    }
  }

  /** While the client does not take what there is, silence is its own. */
  @Override
  public void clientSlow(boolean slow) {
    clientSlow = slow;
    silence.limit(slow ? deadlines.clientIdle() : settings.idleTimeout());
  }

  private void deliver(Buffer chunk) {
    if (chunk.length() > 0) {
      watch.answer(chunk);
      delivering.chunk(chunk);
    }
  }

  private void arrived(HttpClientResponse answer) {
    if (originStopped) {
      return;
    }
    if (!finished) {
      deliver(watch.rest());
    }
    if (!finished && !originStopped && delivering.goesOn()) {
      return;
    }
    if (finish(answer.statusCode(), outcome(answer.statusCode()))) {
      delivering.end(answer.trailers());
    }
  }

  private static Outcome outcome(int status) {
    return status >= 400 ? Outcome.ORIGIN_ERROR : Outcome.COMPLETED;
  }

  private void unreachable(Throwable failure) {
    if (!finished) {
      destination.broke(failure);
    }
    boolean busy = failure instanceof ConnectionPoolTooBusyException;
    String found = TlsFailure.words(failure);
    WireError error =
        WireError.of(
            busy ? ErrorKind.ORIGIN_BUSY : ErrorKind.ORIGIN_UNREACHABLE,
            "Wanted an answer from the model server, found: "
                + found
                + ". Check that it runs and that origin.url is right.");
    refuse(error, Outcome.ORIGIN_UNREACHABLE);
    if (toOrigin != null) {
      toOrigin.reset();
    }
  }

  private void silent() {
    if (clientSlow || toOrigin == null) {
      deliveries.stalled();
      hangUp(Outcome.CLIENT_GONE);
      return;
    }
    if (delivering != null) {
      if (!delivering.goesOn(Outcome.ORIGIN_TIMEOUT)) {
        hangUp(Outcome.ORIGIN_TIMEOUT);
      }
      return;
    }
    WireError error =
        WireError.of(
            ErrorKind.ORIGIN_TIMEOUT,
            "The model server did not begin to answer within "
                + settings.responseTimeout().toMillis()
                + " ms (origin.response-timeout).");
    destination.silent();
    refuse(error, Outcome.ORIGIN_TIMEOUT);
    toOrigin.reset();
  }

  private void refuse(WireError error, Outcome outcome) {
    if (finish(error.kind().status(), outcome)) {
      deliveries.failed(outcome);
      out.headers().clear();
      out.setStatusMessage(HttpResponseStatus.valueOf(error.kind().status()).reasonPhrase());
      out.setStatusCode(error.kind().status())
          .putHeader("content-type", "application/json")
          .end(Buffer.buffer(error.toBytes()));
    }
  }

  /**
   * The client has its answer; what it has not sent of its request, the origin need not wait for. A
   * reset would not do: after a whole answer it gives the connection back with half a request on
   * it.
   */
  private void answered() {
    if (finish(out.getStatusCode(), Outcome.WITHHELD)) {
      toOrigin.reset();
    }
    if (!in.isEnded() && toOrigin != null) {
      toOrigin.connection().close();
    }
    Parting.afterAnswer(vertx, in, interim.unanswered());
  }

  private void cut() {
    if (originStopped) {
      return;
    }
    if (finished || delivering == null || !delivering.goesOn(Outcome.ORIGIN_CUT)) {
      hangUp(Outcome.ORIGIN_CUT);
    }
  }

  @Override
  public void stopOrigin() {
    if (!originStopped) {
      originStopped = true;
      destination.over();
      toOrigin.reset();
    }
  }

  @Override
  public void heard() {
    if (!finished) {
      silence.listen(settings.idleTimeout());
    }
  }

  @Override
  public boolean over(int status, Outcome outcome) {
    return finish(status, outcome);
  }

  @Override
  public void cut(Outcome outcome) {
    hangUp(outcome);
  }

  /** The origin ended in the middle: so does what the client gets, not to look like an end. */
  private void hangUp(Outcome outcome) {
    if (finished) {
      return;
    }
    int status = delivering == null ? 0 : delivering.cutStatus(out.getStatusCode());
    if (finish(status, outcome)) {
      deliveries.failed(outcome);
      if (toOrigin != null) {
        toOrigin.reset();
      }
      if (delivering == null || !delivering.cut()) {
        Parting.cut(in);
      }
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
    destination.over();
    watch.over(status, outcome);
    whenClosed.run();
    return true;
  }
}
