package dev.plumbline.agent.origin;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.Finish;
import dev.plumbline.agent.wire.GenerationCall;
import dev.plumbline.agent.wire.ReplyWriter;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * An answer on its way to its client, whole or streamed. Lives on one event loop. Whatever happens,
 * its exchange is settled once: here, when the generation has ended.
 */
abstract class Answer implements GenerationSink {
  protected final HttpServerResponse response;
  protected final Entry entry;
  protected final Mode mode;
  protected final ReplyWriter writer;
  protected final SaidIds ids;
  private final AnswerSettings settings;
  private Generation generation;
  private boolean clientGone;
  private String ablation = "configured";

  protected Answer(
      HttpServerRequest request,
      Entry entry,
      GenerationCall call,
      Mode mode,
      AnswerSettings settings) {
    this.response = request.response();
    this.entry = entry;
    this.mode = mode;
    this.settings = settings;
    this.writer = new ReplyWriter(call, entry.id(), settings.clock().instant().getEpochSecond());
    this.ids = new SaidIds(call.tokenIds());
    response.closeHandler(v -> leave());
    response.exceptionHandler(e -> leave());
  }

  static Answer of(
      HttpServerRequest request,
      Entry entry,
      GenerationCall call,
      Mode mode,
      AnswerSettings settings) {
    return call.stream()
        ? new StreamedAnswer(request, entry, call, mode, settings)
        : new WholeAnswer(request, entry, call, mode, settings);
  }

  /** What is done to it has this name. */
  final void ablatedBy(String name) {
    ablation = name;
  }

  /** Takes the generation, to call it off if the client leaves. */
  final void started(Generation generation) {
    this.generation = generation;
    if (clientGone) {
      generation.cancel();
    }
  }

  /** Sends what is new, if this form of answer does. */
  protected abstract void write(String text);

  /** Sends the rest of a complete answer. */
  protected abstract void complete(GenerationEnd end);

  /** Sends an error, in whatever form is still possible. */
  protected abstract void fail(WireError error);

  @Override
  public final void prompted(List<Integer> prompt) {
    ids.prompted(prompt);
  }

  @Override
  public final void delta(Delta delta) {
    delta.runningScore().ifPresent(entry::prefixScore);
    ids.said(delta.ids());
    if (!clientGone && !delta.text().isEmpty()) {
      entry.trace().text();
      write(delta.text());
    }
  }

  @Override
  public final void ended(GenerationEnd end) {
    entry.generated(end.usage());
    entry.acted(Action.of(mode == Mode.ABLATE, end.receipt().tokensTouched()));
    entry.touched(end.receipt().tokensTouched(), end.receipt().meanRemoved());
    boolean complete = end.finish().complete();
    if (!clientGone && complete) {
      complete(annotated(end));
    } else if (!clientGone) {
      fail(broken(end.finish()));
    }
    entry.answered(response.getStatusCode(), outcome(complete));
    entry.settle(end.reading());
  }

  @Override
  public final void rejected(Rejection rejection) {
    WireError error = rejection.error();
    if (rejection instanceof Rejection.QueueFull full && !clientGone) {
      settings.meters().count(Meter.DROPS, "generation_queue_full");
      long seconds = Math.max(1, (full.retryAfter().toMillis() + 999) / 1000);
      response.putHeader("retry-after", Long.toString(seconds));
    }
    if (!clientGone) {
      Replies.error(response, error);
    }
    boolean failed = rejection instanceof Rejection.Failed;
    Outcome refused = failed ? Outcome.ENGINE_FAILED : Outcome.REJECTED;
    entry.answered(error.kind().status(), clientGone ? Outcome.CLIENT_GONE : refused);
    entry.settle(Reading.unscored(rejection.reason()));
  }

  protected final boolean annotates() {
    return mode != Mode.OBSERVE;
  }

  protected final Annotation annotation(GenerationEnd end) {
    Receipt receipt = end.receipt();
    return new Annotation(end.reading(), entry.action())
        .did(ablation, receipt.tokensTouched(), receipt.meanRemoved());
  }

  private GenerationEnd annotated(GenerationEnd end) {
    if (annotates()) {
      settings.meters().count(Meter.ANNOTATIONS, "applied");
    }
    return end;
  }

  private Outcome outcome(boolean complete) {
    if (clientGone) {
      return Outcome.CLIENT_GONE;
    }
    return complete ? Outcome.COMPLETED : Outcome.ENGINE_FAILED;
  }

  private static WireError broken(Finish finish) {
    return WireError.of(
        finish == Finish.CANCELLED ? ErrorKind.NOT_READY : ErrorKind.ENGINE_FAILED,
        finish == Finish.CANCELLED
            ? "The server is shutting down; ask again."
            : "The model failed while it answered; ask again.");
  }

  private void leave() {
    if (!clientGone && !response.ended()) {
      clientGone = true;
      if (generation != null) {
        generation.cancel();
      }
    }
  }
}
