package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.ablation.AblatedRequest;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.ScoringDesk;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.agent.wire.Refusal;
import dev.plumbline.agent.wire.dialect.Answer;
import dev.plumbline.agent.wire.dialect.Call;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * What becomes of an answer that was held whole, has its verdict and has drifted: a refusal in its
 * place (withhold), or one given anew by the model without the direction, judged like the first
 * (rescue). An answer of which nothing has gone out is not continued but given anew: its aligned
 * beginning binds nobody.
 *
 * <p>So is a stream that was held whole, since it could not have been continued: of several
 * choices, of a form, or of a route whose streams cannot be put together. On one event loop.
 */
final class HeldAnswer {
  /**
   * What was decided.
   *
   * @param telling for the client
   * @param reading the verdict on what it gets, or on what it does not get
   * @param refused whether a refusal takes the answer's place
   */
  record Decided(Telling telling, Reading reading, Action action, boolean refused) {}

  /**
   * The answer, and what it needs.
   *
   * @param request not encoded; empty where it is not at hand
   * @param answer not encoded; empty where it cannot be decoded
   */
  record Case(
      Screens screens,
      Entry entry,
      Mode mode,
      String model,
      Fail fail,
      FailPolicy fails,
      Optional<byte[]> request,
      byte[] answer,
      boolean stream,
      Optional<Tap> tap,
      ScoringDesk desk,
      HttpServerRequest in,
      Vertx vertx,
      int bound) {}

  private final Case exchange;
  private int tries;
  private long since;
  private Optional<byte[]> lastTry = Optional.empty();

  HeldAnswer(Case exchange) {
    this.exchange = exchange;
  }

  /** Decides about an answer that has drifted; never fails. */
  Future<Decided> drifted(Reading found) {
    exchange.entry().turned(found);
    return exchange.mode() == Mode.RESCUE ? rescue(found) : refused(found, "drifted");
  }

  private Future<Decided> refused(Reading found, String reason) {
    exchange.screens().meters().count(Meter.WITHHELD, label(), reason);
    Action action = reason.equals("rescue_failed") ? Action.RESCUE_FAILED : Action.WITHHELD;
    Annotation annotation = new Annotation(found, action);
    Refusal refusal =
        new Refusal(exchange.entry().route(), exchange.screens().settings().refusal());
    if (!Refusal.knows(exchange.entry().route())) {
      Telling error = new Telling(annotation, Optional.of(refusal.error()));
      return Future.succeededFuture(new Decided(error, found, action, true));
    }
    byte[] body =
        exchange.stream() ? refusal.stream(exchange.answer()) : refusal.whole(exchange.answer());
    return Future.succeededFuture(
        new Decided(Telling.changed(annotation, Buffer.buffer(body)), found, action, true));
  }

  private Future<Decided> rescue(Reading found) {
    Optional<ObjectNode> body =
        exchange
            .request()
            .flatMap(Json::look)
            .filter(ObjectNode.class::isInstance)
            .map(ObjectNode.class::cast);
    if (exchange.in().response().closed()) {
      return left(found);
    }
    if (body.isEmpty() || exchange.tap().isEmpty()) {
      return failed(found, "not_continuable");
    }
    if (tries > exchange.screens().settings().retries()) {
      return failed(found, "");
    }
    return exchange
        .screens()
        .variants()
        .of(exchange.entry().origin(), exchange.model())
        .filter(variant -> AblatedRequest.takes(variant, exchange.entry().route()))
        .map(variant -> ask(variant, body.get(), found))
        .orElseGet(() -> failed(found, "no_variant"));
  }

  private Future<Decided> ask(AblatedVariant variant, ObjectNode body, Reading before) {
    tries++;
    VariantAsks.Pending pending =
        exchange
            .screens()
            .asks()
            .ask(
                exchange.in(),
                exchange.entry().origin(),
                variant,
                body.deepCopy(),
                UnaryOperator.identity());
    // The passage is over, and looks for its client's end no more.
    exchange.in().response().closeHandler(gone -> pending.asked().close());
    return pending
        .answer()
        .compose(this::gather)
        .timeout(patienceMillis(), TimeUnit.MILLISECONDS)
        .onComplete(any -> pending.asked().close())
        .transform(
            got ->
                got.succeeded()
                    ? judge(got.result(), before)
                    : again(got.cause() instanceof TimeoutException, before));
  }

  /** Nobody takes what would be asked for. */
  private Future<Decided> left(Reading found) {
    tried("client_gone");
    Telling telling = Telling.of(new Annotation(found, exchange.entry().action()));
    return Future.succeededFuture(new Decided(telling, found, exchange.entry().action(), false));
  }

  /** One deadline for all tries from a turn on. */
  private long patienceMillis() {
    if (since == 0) {
      since = System.nanoTime();
    }
    Duration spent = Duration.ofNanos(System.nanoTime() - since);
    return Math.max(1, exchange.screens().settings().rescueDeadline().minus(spent).toMillis());
  }

  private Future<Decided> again(boolean late, Reading before) {
    if (exchange.in().response().closed()) {
      return left(before);
    }
    tried(late ? "deadline" : "failed");
    return late ? failed(before, "") : rescue(before);
  }

  private Future<byte[]> gather(HttpClientResponse head) {
    Promise<byte[]> whole = Promise.promise();
    String type = Optional.ofNullable(head.getHeader("content-type")).orElse("");
    boolean stream = type.startsWith("text/event-stream");
    boolean plain = head.getHeader("content-encoding") == null;
    if (head.statusCode() != 200 || stream != exchange.stream() || !plain) {
      return Future.failedFuture(
          "wanted an answer of the first one's form, found " + head.statusCode() + " " + type);
    }
    Buffer body = Buffer.buffer();
    head.handler(
        chunk -> {
          if (body.length() + chunk.length() > exchange.bound()) {
            whole.tryFail("wanted at most " + exchange.bound() + " bytes, found more");
          } else {
            body.appendBuffer(chunk);
          }
        });
    head.exceptionHandler(whole::tryFail);
    head.endHandler(end -> whole.tryComplete(body.getBytes()));
    return whole.future();
  }

  private Future<Decided> judge(byte[] anew, Reading before) {
    Optional<ExchangeText> text =
        Call.of(exchange.entry().route(), exchange.request().orElseThrow())
            .flatMap(
                call ->
                    call.prompt()
                        .flatMap(prompt -> said(call, anew).map(said -> text(prompt, said))));
    if (text.isEmpty()) {
      return again(false, before);
    }
    Tap tap = exchange.tap().orElseThrow();
    CompletableFuture<Reading> reading =
        exchange.desk().submit(Priority.ENFORCING, abandoned -> tap.read(text.get(), abandoned));
    return InTime.of(reading, exchange.vertx(), exchange.screens().settings().patience())
        .compose(found -> judged(anew, found));
  }

  private Optional<Answer> said(Call call, byte[] anew) {
    return exchange.stream() ? call.stream(exchange.bound()).feed(anew).end() : call.answer(anew);
  }

  private ExchangeText text(Prompt prompt, Answer said) {
    return new ExchangeText(
        exchange.entry().id(), exchange.model(), prompt, said.texts(), Priority.ENFORCING);
  }

  private Future<Decided> judged(byte[] anew, Reading found) {
    if (found.verdict() instanceof Verdict.Drifted) {
      tried("drifted");
      since = 0;
      lastTry = Optional.of(anew);
      return rescue(found);
    }
    Optional<UnscoredReason> without = found.reason();
    tried(without.isPresent() ? "unscored" : "anew");
    if (without.isPresent()) {
      exchange.fails().tell(found, Action.RESCUED, exchange.fail(), true);
      if (exchange.fail() == Fail.CLOSED) {
        return refused(found, "unscored");
      }
    }
    Annotation annotation = new Annotation(found, Action.RESCUED);
    return Future.succeededFuture(
        new Decided(Telling.changed(annotation, named(anew)), found, Action.RESCUED, false));
  }

  private Buffer named(byte[] anew) {
    return new SameName(exchange.entry().route(), exchange.stream(), exchange.answer()).of(anew);
  }

  /**
   * Nothing helped. Open lets the last try go although it has drifted too, for it is the model
   * without the direction; without one the original. Either says what it is.
   */
  private Future<Decided> failed(Reading found, String why) {
    if (!why.isEmpty()) {
      tried(why);
    }
    exchange
        .screens()
        .meters()
        .count(Meter.FAIL_USES, exchange.fail().wireName(), "applied", FailPolicy.RESCUE_FAILED);
    if (exchange.fail() == Fail.CLOSED) {
      return refused(found, "rescue_failed");
    }
    Annotation annotation = new Annotation(found, Action.RESCUE_FAILED);
    Telling told =
        lastTry
            .map(anew -> Telling.changed(annotation, named(anew)))
            .orElseGet(() -> Telling.of(annotation));
    return Future.succeededFuture(new Decided(told, found, Action.RESCUE_FAILED, false));
  }

  private void tried(String result) {
    exchange.screens().meters().count(Meter.RESCUES, label(), result);
  }

  private String label() {
    return exchange.screens().label().apply(exchange.model());
  }
}
