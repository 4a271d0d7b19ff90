package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.enforce.ModePolicy;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The watch on an exchange: keeps bounded copies, decides its mode, has it scored and settled.
 *
 * <p>An answer that ended well is scored, and so is what a client took before it left: leaving
 * early must not be a way past the score. An answer the origin broke off is not, since nobody may
 * take it for an answer.
 */
final class ExchangeWatch implements Watch {
  private final ExchangeShared shared;
  private final Entry entry;
  private final HttpServerRequest in;
  private final Vertx vertx;
  private final AskedExchange request;
  private final Optional<Decoration> decoration;
  private final RequestChanges changes;
  private final ScreenChoice choice;
  private final AnswerScoring scoring;
  private AnswerHead head = AnswerHead.NONE;
  private boolean sampledOut;
  private boolean unread;
  private Priority priority = Priority.OBSERVING;
  private Delivery delivery = Delivery.PASS;
  private CompletableFuture<Reading> reading;
  private Optional<StreamFollow> follow = Optional.empty();
  private Optional<ScreenCase> screening = Optional.empty();
  private Optional<Following> followed = Optional.empty();
  private Optional<ScreenedStream> screened = Optional.empty();
  private boolean toldEarly;

  /**
   * @param pathModel the model, where the path names it rather than the body
   * @param in the request
   */
  ExchangeWatch(
      ExchangeShared shared,
      Entry entry,
      Optional<String> pathModel,
      HttpServerRequest in,
      Optional<Mode> asked,
      Vertx vertx) {
    this.shared = shared;
    this.entry = entry;
    this.in = in;
    this.vertx = vertx;
    this.request =
        new AskedExchange(shared, entry, pathModel, RequestBody.encoding(in.headers()), asked);
    this.decoration = shared.states().get().map(Decoration::new);
    this.changes = new RequestChanges(shared, entry, request, decoration);
    this.choice = new ScreenChoice(shared, entry, request, changes, vertx);
    this.scoring = new AnswerScoring(shared, entry, request, decoration);
  }

  @Override
  public int wholeRequestBytes() {
    return changes.wholeBytes();
  }

  @Override
  public Optional<Changed> change(String path) {
    sampledOut = request.sampledOut();
    return sampledOut ? Optional.empty() : changes.change(path);
  }

  @Override
  public Buffer passed(Buffer chunk) {
    return decoration
        .map(d -> d.passed(chunk))
        .orElseGet(() -> changes.ids().map(asked -> asked.passed(chunk)).orElse(chunk));
  }

  @Override
  public Buffer rest() {
    return decoration
        .map(Decoration::rest)
        .or(() -> changes.ids().map(TokenIdAsk::rest))
        .orElseGet(Buffer::buffer);
  }

  @Override
  public Optional<String> requestId() {
    return Optional.of(entry.id());
  }

  @Override
  public void sending(HttpClientRequest toOrigin) {
    entry.trace().sending(toOrigin);
    if (request.word().filter(Mode::screens).isPresent() && shared.modes().clientMayRaise()) {
      // Acted on here; an agent behind this one need not do it a second time.
      toOrigin.headers().remove(ModePolicy.HEADER);
    }
  }

  @Override
  public void request(Buffer chunk) {
    request.add(chunk);
  }

  @Override
  public void answer(Buffer chunk) {
    entry.trace().text();
    if (sampledOut || unread || (scoring.decorated() && !scoring.recorded())) {
      return;
    }
    if (screened.isPresent()) {
      return;
    }
    scoring.add(chunk);
    follow.ifPresent(followed -> followed.bytes(chunk));
  }

  @Override
  public Delivery head(HttpClientResponse answer) {
    head = AnswerHead.of(answer);
    entry.trace().firstByte(head.status());
    decoration.ifPresent(d -> d.head(answer, head.stream(), head.encoding()));
    changes.answered(answer);
    decide();
    Mode mode = request.mode();
    priority = mode == Mode.OBSERVE ? Priority.OBSERVING : Priority.ENFORCING;
    sampledOut = request.sampledOut();
    unread = shared.withoutTap() == UnscoredReason.OFF && shared.tap().get().isEmpty();
    boolean screens = mode.screens() && head.good();
    screening =
        screens && !scoring.decorated() ? choice.screening(head, in.uri()) : Optional.empty();
    followed = screening.flatMap(ScreenCase::follow);
    boolean follows = !sampledOut && !scoring.decorated() && followed.isEmpty();
    follow = follows ? choice.follow(head, priority) : Optional.empty();
    if (mode != Mode.OBSERVE) {
      delivery = head.stream() && !screens ? Delivery.PASS_THEN_TELL : Delivery.HOLD;
    }
    delivery = followed.isPresent() ? Delivery.SCREEN : delivery;
    changes.ids().ifPresent(asked -> answersIds(asked, answer));
    return delivery;
  }

  private void answersIds(TokenIdAsk asked, HttpClientResponse answer) {
    shared.screens().offers().answered(entry.origin(), head.status());
    if (head.stream() && delivery != Delivery.SCREEN) {
      asked.passes(answer);
    }
  }

  @Override
  public Delivering screen(HttpServerRequest from, HttpClientResponse answer, Onward onward) {
    ScreenedStream stream =
        new ScreenedStream(
            screening.orElseThrow(), followed.orElseThrow(), from, answer, onward, this);
    screened = Optional.of(stream);
    return stream;
  }

  /** Names model and mode, once; late enough to have seen the request, early enough to hold. */
  private void decide() {
    Mode mode = request.mode();
    entry.asked(request.model(), mode, head.stream());
    boolean ablated = changes.ablates() && head.good();
    entry.acted(ablated ? Action.ABLATED : Action.of(mode == Mode.ABLATE, 0));
  }

  @Override
  public void over(int status, Outcome outcome) {
    if (head.status() == 0) {
      decide();
    }
    entry.answered(status, outcome);
    if (screened.isPresent()) {
      reading = screened.get().over(outcome);
      reading.thenAccept(entry::settle);
      return;
    }
    rest();
    Optional<UnscoredReason> obstacle = scoring.obstacle(outcome, head, sampledOut);
    obstacle.ifPresent(reason -> decoration.ifPresent(Decoration::discard));
    reading =
        obstacle
            .map(reason -> CompletableFuture.completedFuture(Reading.unscored(reason)))
            .orElseGet(() -> scoring.verdict(outcome == Outcome.COMPLETED, head, priority, follow));
    if (!(keepsBack() && outcome == Outcome.COMPLETED)) {
      reading.thenAccept(entry::settle);
    }
    reading.thenAccept(found -> follow.ifPresent(StreamFollow::over));
  }

  @Override
  public Future<Telling> telling() {
    return withinDeadline()
        .compose(
            found ->
                delivery == Delivery.HOLD && screens() && turns(found)
                    ? screenWhole(found)
                    : Future.succeededFuture(tell(found)))
        .onSuccess(
            telling -> {
              telling.instead().ifPresent(this::withheld);
              reading.thenAccept(entry::settle);
            });
  }

  private boolean turns(Reading found) {
    return shared.screens().turns(found, request.mode());
  }

  /** A held answer has drifted: what goes out instead, and the verdict on that. */
  private Future<Telling> screenWhole(Reading found) {
    return new HeldAnswer(
            new HeldAnswer.Case(
                shared.screens(),
                entry,
                request.mode(),
                request.model(),
                request.fail(),
                shared.fails(),
                request.overflown() ? Optional.empty() : request.small(),
                scoring.plain(head),
                head.stream(),
                shared.tap().get(),
                shared.desk(),
                in,
                vertx,
                shared.observedBytes()))
        .drifted(found)
        .map(
            decided -> {
              entry.acted(decided.action());
              if (in.response().closed()) {
                entry.answered(0, Outcome.CLIENT_GONE);
              } else if (decided.refused()) {
                entry.answered(head.status(), Outcome.WITHHELD);
              }
              reading = CompletableFuture.completedFuture(decided.reading());
              return decided.telling();
            });
  }

  private void withheld(WireError error) {
    entry.answered(error.kind().status(), Outcome.WITHHELD);
  }

  @Override
  public Telling tooLong() {
    toldEarly = true;
    return tell(Reading.unscored(UnscoredReason.TOO_LONG));
  }

  @Override
  public Optional<WireError> brokenOff() {
    return closes()
        ? tell(Reading.unscored(UnscoredReason.UNPARSEABLE)).instead()
        : Optional.empty();
  }

  /** Only an answer of the origin's model needs a verdict; an error of the origin is none. */
  private Telling tell(Reading found) {
    return head.good()
        ? shared.fails().tell(found, entry.action(), request.fail(), delivery == Delivery.HOLD)
        : Telling.of(new Annotation(found, entry.action()));
  }

  /** Whether the answer may yet be kept back; then it is settled when that is known. */
  private boolean closes() {
    return delivery == Delivery.HOLD && head.good() && request.fail() == Fail.CLOSED;
  }

  /** Whether what goes out is decided with the verdict, and settled then. */
  private boolean keepsBack() {
    boolean screens = delivery == Delivery.HOLD && screens() && !toldEarly;
    return screens || closes();
  }

  /** Whether it goes out by its verdict, if at all. */
  private boolean screens() {
    return head.good() && request.mode().screens();
  }

  /** The reading on this event loop, or that it came too late to be told. */
  private Future<Reading> withinDeadline() {
    boolean screens = delivery == Delivery.HOLD && request.mode().screens();
    Duration patience =
        screens ? shared.screens().settings().patience() : shared.annotateDeadline();
    return InTime.of(reading, vertx, patience);
  }
}
