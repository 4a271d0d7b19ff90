package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedRequest;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.ScoringDesk;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Continuation;
import dev.plumbline.agent.wire.Usage;
import dev.plumbline.agent.wire.dialect.Answer;
import dev.plumbline.agent.wire.dialect.Call;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An exchange whose answer waits for a verdict: what was asked, by which rules, and who judges.
 *
 * @param screens what all share
 * @param entry its entry in the books
 * @param mode withhold or rescue
 * @param model asked, empty for none named
 * @param fail what becomes of it without a verdict, or without a rescue
 * @param fails counts that
 * @param call the request, understood
 * @param request the same as bytes, not encoded
 * @param tap reads it
 * @param desk where whole readings queue
 * @param path where it was asked, with its query
 * @param ids whether the first stream was asked for token ids; without, it was not
 * @param bound bytes held at most
 */
record ScreenCase(
    Screens screens,
    Entry entry,
    Mode mode,
    String model,
    Fail fail,
    FailPolicy fails,
    Call call,
    byte[] request,
    Tap tap,
    ScoringDesk desk,
    String path,
    Optional<TokenIdAsk> ids,
    Vertx vertx,
    int bound) {

  String label() {
    return screens.label().apply(model);
  }

  /** Whether token ids may come. */
  boolean idsAsked() {
    return ids.isPresent();
  }

  /** Whether they are not for the client. */
  boolean idsCut() {
    return ids.filter(TokenIdAsk::cuts).isPresent();
  }

  /** The first stream has ended, or was given up: whether it had ids is known of its origin. */
  void idsGiven(AnswerSource source) {
    if (idsAsked() && source.trail().offered()) {
      screens.offers().gave(entry.origin());
    }
  }

  /** The request as one that can be continued. */
  Optional<Continuation> continuation() {
    return Continuation.of(entry.route(), request);
  }

  /** Who answers without the direction, if anybody does now and on this route. */
  Optional<AblatedVariant> variant() {
    return screens
        .variants()
        .of(entry.origin(), model)
        .filter(v -> AblatedRequest.takes(v, entry.route()));
  }

  /** Begins to read the answer from its beginning. */
  Optional<Following> follow() {
    return call.prompt().flatMap(p -> tap.follow(entry.id(), p, Priority.ENFORCING));
  }

  /**
   * The verdict on a source; later, never fails.
   *
   * @param over it says no more, and must have come to its end; else it is wanted no longer
   */
  CompletableFuture<Reading> verdict(AnswerSource source, boolean over) {
    if (source.tooLong()) {
      return CompletableFuture.completedFuture(Reading.unscored(UnscoredReason.TOO_LONG));
    }
    return over && !source.ended() ? unparseable() : judge(source);
  }

  /** The verdict on all a source has said. */
  private CompletableFuture<Reading> judge(AnswerSource source) {
    Optional<ExchangeText> text = source.exchange(entry.id(), model);
    if (text.isEmpty()) {
      return CompletableFuture.completedFuture(Reading.unscored(UnscoredReason.NO_HIDDEN_STATES));
    }
    entry.trace().scoring();
    CompletableFuture<Reading> scored =
        desk.submit(
            Priority.ENFORCING,
            abandoned -> {
              entry.trace().reading();
              return source.following().end(text.get(), abandoned);
            });
    scored.thenAccept(entry.trace()::scored);
    return scored;
  }

  /** The verdict on what is no answer. */
  CompletableFuture<Reading> unparseable() {
    return CompletableFuture.completedFuture(Reading.unscored(UnscoredReason.UNPARSEABLE));
  }

  /** Notes what the answer cost: as its last source counts, else by what went out. */
  void generated(AnswerSource source, int tokens) {
    Optional<Usage> counted = source.said().flatMap(Answer::usage);
    int prompt = counted.map(Usage::promptTokens).orElse(0) - source.keptTokens();
    int written = counted.map(u -> u.completionTokens() + source.keptTokens()).orElse(tokens);
    entry.generated(new Usage(Math.max(0, prompt), Math.max(0, written)));
  }

  /** One try to go on without the direction has come to this. */
  void tried(String result) {
    screens.meters().count(Meter.RESCUES, label(), result);
  }

  /** No try has helped. */
  void failed() {
    screens.meters().count(Meter.FAIL_USES, fail.wireName(), "applied", FailPolicy.RESCUE_FAILED);
  }

  /** A refusal takes the place of the answer, or of its rest. */
  void withheld(String reason) {
    screens.meters().count(Meter.WITHHELD, label(), reason);
  }

  /** A stream has turned: so many tokens had gone out, so many had not. */
  void dropped(int kept, int dropped) {
    screens.meters().count(Meter.RESCUE_TOKENS, kept, label(), "kept");
    screens.meters().count(Meter.RESCUE_TOKENS, Math.max(0, dropped), label(), "dropped");
  }
}
