package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.agent.wire.oip.GrpcFrames;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The watch on an inference over gRPC, of one request or of a stream of them. Observed answers pass
 * as they come; an annotated one is told of in its trailers; of one to be ablated each message
 * waits until the direction is out of it. A whole call has one verdict. Lives on one event loop.
 */
final class GrpcExchange implements GrpcWatch {
  private final OipCase exchange;
  private final boolean stream;
  private final GrpcModel model = new GrpcModel();
  private final GrpcDecoration decoration;
  private final Optional<GrpcAsks> asks;
  private Optional<GrpcAnswers> answers = Optional.empty();

  /** Bytes that wait: of the message under way, or of an answer held until its verdict. */
  private Buffer waiting = Buffer.buffer();

  private String requestEncoding;
  private boolean good;
  private boolean holds;
  private boolean passesOn;

  /** Tensors may lie where the client writes next: they are read before a message goes on. */
  private boolean readsAhead;

  GrpcExchange(OipCase exchange, GrpcDecoration decoration) {
    this.decoration = decoration;
    this.exchange = exchange;
    this.asks =
        exchange.permitsPlaces()
            ? Optional.of(new GrpcAsks(exchange.keptBytes()))
            : Optional.empty();
    this.stream = exchange.entry().route() == Route.OIP_GRPC_STREAM_INFER;
  }

  @Override
  public Optional<String> requestId() {
    return Optional.of(exchange.entry().id());
  }

  @Override
  public void sending(HttpClientRequest request) {
    exchange.entry().trace().sending(request);
    requestEncoding = request.headers().get("grpc-encoding");
  }

  @Override
  public void request(Buffer chunk) {
    model.request(chunk);
    asks.ifPresent(all -> all.take(chunk));
  }

  @Override
  public Buffer sent(Buffer chunk) {
    if (decoration.undecided() && model.full()) {
      exchange.decide(model.name(requestEncoding), stream);
      decoration.decide(exchange.entry().origin(), model.message(requestEncoding), tensor());
    }
    return decoration.sent(chunk);
  }

  /**
   * What may be added to requests: an answer that goes on bit by bit can lose it again; one that is
   * held or ablated is left as its client wanted it.
   */
  private Optional<String> tensor() {
    boolean held = heldWhole() && !stream;
    return exchange
        .scoring()
        .filter(any -> exchange.mode() != Mode.ABLATE && !held)
        .map(OipScoring::tensor);
  }

  /** Whether a verdict can still keep the answer in: an error then takes its place. */
  private boolean heldWhole() {
    boolean closed = exchange.mode() == Mode.ANNOTATE && exchange.fail() == Fail.CLOSED;
    return closed || exchange.mode().screens();
  }

  @Override
  public Buffer sentLast() {
    return decoration.rest();
  }

  @Override
  public boolean head(HttpClientResponse head) {
    good = head.statusCode() == 200;
    exchange.entry().trace().firstByte(head.statusCode());
    exchange.decide(model.name(requestEncoding), stream);
    String encoding = Optional.ofNullable(head.getHeader("grpc-encoding")).orElse("");
    answers =
        exchange
            .scoring()
            .filter(any -> good)
            .map(scoring -> new GrpcAnswers(scoring, exchange.places(), stream, encoding.trim()));
    boolean ablate = exchange.mode() == Mode.ABLATE;
    holds = good && !stream && heldWhole();
    boolean mayChange = exchange.scoring().isPresent() && decoration.open();
    readsAhead = good && !holds && !ablate && (mayChange || exchange.readsAhead());
    passesOn = !good || !(ablate || holds || readsAhead);
    return passesOn;
  }

  @Override
  public Future<Buffer> passed(Buffer chunk) {
    if (passesOn) {
      answers.ifPresent(to -> to.take(chunk));
      return Future.succeededFuture(chunk);
    }
    waiting.appendBuffer(chunk);
    if (answers.isEmpty()) {
      return holds ? nothing() : unablated(UnscoredReason.NO_HIDDEN_STATES, waiting.length());
    }
    answers.get().take(chunk);
    if (readsAhead) {
      return read(Buffer.buffer());
    }
    return holds ? held() : changed(Buffer.buffer());
  }

  private Future<Buffer> held() {
    boolean over = waiting.length() > exchange.scoring().orElseThrow().mostBytes();
    return over ? unablated(UnscoredReason.TOO_LONG, waiting.length()) : nothing();
  }

  private static Future<Buffer> nothing() {
    return Future.succeededFuture(Buffer.buffer());
  }

  /** Reads what has come whole, and lets it go as it came. */
  private Future<Buffer> read(Buffer before) {
    GrpcAnswers from = answers.orElseThrow();
    Optional<GrpcFrames.Message> message = from.next();
    if (message.isEmpty()) {
      passesOn = from.broken();
      return Future.succeededFuture(
          passesOn ? before.appendBuffer(first(waiting.length())) : before);
    }
    Runnable asked = asked();
    return exchange
        .aside(
            () -> {
              asked.run();
              from.read(message.get(), false);
              return from.without(message.get(), decoration::removes);
            })
        .onFailure(e -> from.late(reason(e)))
        .otherwise(Optional.empty())
        .compose(
            bare -> {
              Buffer bytes = first(GrpcAnswers.length(message.get()));
              bare.ifPresent(any -> decoration.removed());
              return read(before.appendBuffer(bare.map(GrpcAnswers::framed).orElse(bytes)));
            });
  }

  /** Takes bytes off those that wait. */
  private Buffer first(int length) {
    Buffer bytes = waiting.getBuffer(0, length);
    waiting = waiting.getBuffer(length, waiting.length());
    return bytes;
  }

  /** Reads the requests that have come, on another thread. */
  private Runnable asked() {
    return asks.map(all -> all.into(exchange.places(), requestEncoding)).orElse(() -> {});
  }

  /** Changes what has come whole, one message after the other. */
  private Future<Buffer> changed(Buffer before) {
    GrpcAnswers from = answers.orElseThrow();
    Optional<GrpcFrames.Message> message = from.next();
    if (message.isEmpty()) {
      return from.broken()
          ? unablated(from.reason(), waiting.length()).map(before::appendBuffer)
          : Future.succeededFuture(before);
    }
    int length = GrpcAnswers.length(message.get());
    Runnable asked = asked();
    return exchange
        .aside(
            () -> {
              asked.run();
              return from.read(message.get(), exchange.ablates());
            })
        .compose(this::putBack)
        .transform(
            done ->
                done.succeeded() && done.result().isPresent()
                    ? next(done.result().get(), length)
                    : unablated(reason(done.cause()), length))
        .compose(bytes -> changed(before.appendBuffer(bytes)));
  }

  /** A tensor that did not come along is put back before its message goes, or not at all. */
  private Future<Optional<OipScoring.Ablated>> putBack(Optional<OipScoring.Ablated> done) {
    return done.flatMap(OipScoring.Ablated::elsewhere)
        .map(put -> exchange.aside(put::getAsBoolean).map(was -> done.filter(any -> was)))
        .orElse(Future.succeededFuture(done));
  }

  private Future<Buffer> next(OipScoring.Ablated done, int length) {
    waiting = waiting.getBuffer(length, waiting.length());
    exchange.ablated(done.receipt());
    return Future.succeededFuture(GrpcAnswers.framed(done.bytes()));
  }

  /** Why a message could not be changed: it took too long, or it is what it is. */
  private UnscoredReason reason(Throwable failure) {
    if (failure != null) {
      return failure instanceof TimeoutException
          ? UnscoredReason.DEADLINE_PASSED
          : UnscoredReason.TAP_ERROR;
    }
    return answers.orElseThrow().states().found() instanceof Found.Missing missing
        ? missing.reason()
        : UnscoredReason.NO_HIDDEN_STATES;
  }

  /** Bytes out of which the direction was not taken: they go on, or the call ends. */
  private Future<Buffer> unablated(UnscoredReason reason, int length) {
    Telling telling = exchange.fails().notAblated(Reading.unscored(reason), exchange.fail(), true);
    exchange.notAblated();
    if (telling.instead().isPresent()) {
      return Future.failedFuture(new Refusal(status(telling.instead().get())));
    }
    Buffer bytes = first(length);
    passesOn = answers.isEmpty() || answers.get().broken();
    return Future.succeededFuture(bytes);
  }

  private static GrpcStatus status(WireError error) {
    return GrpcStatus.unavailable(error.message());
  }

  @Override
  public void over(int status, Outcome outcome) {
    if (outcome == Outcome.ORIGIN_ERROR) {
      decoration.failed();
    }
    exchange.named(model.name(requestEncoding), stream);
    if (exchange.mode() == Mode.ABLATE && waiting.length() > 0) {
      exchange.notAblated();
    }
    boolean scored = good && outcome != Outcome.ORIGIN_ERROR;
    Runnable asked = asked();
    exchange.over(status, outcome, scored, () -> work(asked));
    if (!(holds && outcome == Outcome.COMPLETED)) {
      exchange.settle();
    }
  }

  private Reading work(Runnable asked) {
    asked.run();
    GrpcAnswers from = answers.orElseThrow();
    from.readAll();
    return exchange.scoring().orElseThrow().read(from.states());
  }

  @Override
  public Future<End> end() {
    if (exchange.mode() == Mode.OBSERVE || !good) {
      return Future.succeededFuture(new End(waiting, Map.of(), Optional.empty()));
    }
    return exchange.inTime().map(this::tell);
  }

  private End tell(Reading found) {
    Telling telling = telling(found);
    if (holds) {
      telling.instead().ifPresent(e -> exchange.entry().answered(200, Outcome.WITHHELD));
      exchange.settle();
    }
    return telling
        .instead()
        .map(error -> new End(Buffer.buffer(), Map.of(), Optional.of(status(error))))
        .orElseGet(() -> annotated(telling.annotation()));
  }

  /** A piece of a message that never became whole could not be changed either. */
  private Telling telling(Reading found) {
    if (exchange.mode() != Mode.ABLATE) {
      return exchange.tell(found, holds);
    }
    return waiting.length() == 0
        ? Telling.of(new Annotation(found, exchange.entry().action()))
        : exchange
            .fails()
            .notAblated(Reading.unscored(UnscoredReason.UNPARSEABLE), exchange.fail(), true);
  }

  /** What still waits goes on: a piece of a message that never became whole, or what was held. */
  private End annotated(Annotation annotation) {
    return new End(waiting, annotation.fields(), Optional.empty());
  }
}
