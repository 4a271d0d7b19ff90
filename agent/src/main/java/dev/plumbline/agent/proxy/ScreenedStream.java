package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Continuation;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A stream of which nothing goes out that no verdict covers, and whose last tokens stay in until
 * the verdict on the whole. When it drifts, what is held is dropped, its source is stopped, and
 * either a refusal takes the place of the rest (withhold) or the model without the direction goes
 * on from what has gone out (rescue): one stream to the client.
 *
 * <pre>
 *   FOLLOWING --drifted--> ASKING --text--> FOLLOWING     (rescue, while tries are left)
 *   FOLLOWING --end------> JUDGING --aligned--> OVER
 *   JUDGING   --drifted--> ASKING                         (or OVER with a refusal)
 *   any       --no verdict--> let go (open) or OVER with a refusal or an error (closed)
 * </pre>
 *
 * <p>Under rescue a stream that says more than text (reasoning, tool calls) is held from there to
 * its end: it could not be taken up behind them. Where the tries come to nothing the fail rule
 * decides. Closed: a refusal. Open: the last try goes on although it drifts too, for it is the
 * model without the direction; where no try said anything, the original, if all of it is still
 * held; else the stream ends with {@code finish_reason: content_filter}, since what was stopped
 * cannot be taken up again. Each is said and counted. Lives on one event loop.
 */
final class ScreenedStream implements Delivering, RescueTries.Told {
  private enum State {
    FOLLOWING,
    JUDGING,
    ASKING,
    OVER
  }

  private final ScreenCase exchange;
  private final HttpClientResponse first;
  private final Onward onward;
  private final ScreenedOut out;
  private final ScreenedAnswer answer;
  private final ScreenTimes times;
  private final ScreenedFeed feed;
  private final RescueTries tries;
  private final Seam seam;
  private State state = State.FOLLOWING;
  private Reading last = Reading.unscored(UnscoredReason.NO_HIDDEN_STATES);
  private List<HeldFrames.Held> original = List.of();
  private AnswerSource originalSource;

  /** Nothing waits for a verdict any more; what is then said of it. */
  private Optional<Action> letGo = Optional.empty();

  private Optional<Outcome> broken = Optional.empty();
  private CompletableFuture<Reading> verdict;

  ScreenedStream(
      ScreenCase exchange,
      Following following,
      HttpServerRequest in,
      HttpClientResponse first,
      Onward onward,
      Watch watch) {
    this.exchange = exchange;
    this.first = first;
    this.onward = onward;
    this.out = new ScreenedOut(in, first, watch, exchange.screens().meters());
    this.times = new ScreenTimes(exchange.screens().meters(), exchange.label());
    this.answer = new ScreenedAnswer(exchange, out, times);
    this.tries = new RescueTries(exchange, in, this);
    this.feed = new ScreenedFeed(exchange, answer, times, this::check, tries::text);
    this.seam = new Seam(exchange);
    begin(following, false);
  }

  private void begin(Following following, boolean completions) {
    feed.begin(following, completions, original());
    state = State.FOLLOWING;
  }

  private boolean original() {
    return tries.made() == 0;
  }

  // ---- what comes -----------------------------------------------------------------------------

  @Override
  public void chunk(Buffer chunk) {
    if (original()) {
      take(chunk);
    }
  }

  private void take(Buffer chunk) {
    if (state != State.FOLLOWING) {
      return;
    }
    feed.take(chunk.getBytes());
    if (letGo.isEmpty() && feed.tooLong()) {
      tooLong();
    } else if (letGo.isPresent()) {
      feed.passOn();
    } else {
      check();
    }
  }

  private void tooLong() {
    if (!original() && feed.source().cut()) {
      came("failed");
    } else {
      unscored(Reading.unscored(UnscoredReason.TOO_LONG));
    }
  }

  /** Looks how far the verdict has come; lets go what it covers. */
  private void check() {
    if (state != State.FOLLOWING || letGo.isPresent()) {
      return;
    }
    Optional<Reading> turn = feed.turn(this::turns);
    if (turn.isPresent()) {
      turned(turn.get());
      return;
    }
    if (!feed.release()) {
      unscored(Reading.unscored(UnscoredReason.DEADLINE_PASSED));
    }
  }

  // ---- how it ends ----------------------------------------------------------------------------

  @Override
  public boolean goesOn() {
    if (state == State.OVER) {
      return false;
    }
    ended();
    return true;
  }

  private void ended() {
    onward.heard();
    feed.stop();
    feed.takeLast();
    if (!original() && !feed.source().ended()) {
      came("failed");
      return;
    }
    tries.text();
    state = State.JUDGING;
    AnswerSource judged = feed.source();
    verdict = exchange.verdict(feed.source(), true);
    InTime.of(verdict, exchange.vertx(), exchange.screens().settings().patience())
        .onSuccess(found -> judged(found, judged));
  }

  private void judged(Reading found, AnswerSource of) {
    if (state != State.JUDGING || of != feed.source()) {
      return;
    }
    if (letGo.isPresent()) {
      complete(found, letGo.get());
    } else if (found.reason().isPresent()) {
      unscored(found);
    } else if (turns(found)) {
      turned(found);
    } else if (original()) {
      complete(found, Action.NONE);
    } else {
      exchange.tried(feed.source().kept().isEmpty() ? "anew" : "continued");
      complete(found, Action.RESCUED);
    }
  }

  /** What continues an answer is held to the verdict alone. */
  private boolean turns(Reading found) {
    return original()
        ? exchange.screens().turns(found, exchange.mode())
        : found.verdict() instanceof Verdict.Drifted;
  }

  private void complete(Reading found, Action action) {
    feed.complete();
    finish(found, action, Outcome.COMPLETED);
  }

  /** No verdict can be had: the fail rule of the model decides. */
  private void unscored(Reading found) {
    boolean over = state == State.JUDGING;
    if (!original()) {
      exchange.tried("unscored");
    }
    Telling told = exchange.fails().tell(found, Action.NOT_APPLIED, exchange.fail(), true);
    if (exchange.fail() == Fail.OPEN) {
      letGo(found, original() ? Action.NOT_APPLIED : Action.RESCUED, over);
    } else if (out.begun()) {
      last = found;
      stopSource();
      refuse("unscored", Action.WITHHELD);
    } else {
      exchange.withheld("unscored");
      stopSource();
      end(found, Action.WITHHELD, Outcome.WITHHELD, told.instead().orElseThrow().kind().status());
      out.error(told);
    }
  }

  private void letGo(Reading found, Action action, boolean whole) {
    letGo = Optional.of(action);
    feed.stop();
    exchange.entry().acted(action);
    if (whole) {
      complete(found, action);
    } else {
      feed.passOn();
    }
  }

  /** What is held has drifted, or all of it has. */
  private void turned(Reading found) {
    last = found;
    exchange.entry().turned(found);
    times.turned();
    boolean whole = state == State.JUDGING;
    if (!original()) {
      exchange.tried("drifted");
    }
    if (!tries.left() && exchange.fail() == Fail.OPEN) {
      exchange.failed();
      letGo(found, Action.RESCUE_FAILED, whole);
      return;
    }
    List<HeldFrames.Held> dropped = feed.drop();
    exchange.dropped(answer.tokens(), feed.source().tokens() - answer.tokens());
    if (original() && whole) {
      original = dropped;
      originalSource = feed.source();
    }
    stopSource();
    if (exchange.mode() == Mode.RESCUE) {
      rescue();
    } else {
      refuse("drifted", Action.WITHHELD);
    }
  }

  @Override
  public boolean goesOn(Outcome how) {
    if (state == State.OVER || (letGo.isPresent() && state != State.JUDGING)) {
      return false;
    }
    if (state == State.JUDGING) {
      judged(Reading.unscored(UnscoredReason.DEADLINE_PASSED), feed.source());
    } else if (!original()) {
      came("failed");
    } else if (exchange.mode() == Mode.RESCUE) {
      broken = Optional.of(how);
      feed.drop();
      times.turned();
      stopSource();
      rescue();
    } else {
      return false;
    }
    return true;
  }

  // ---- rescue ---------------------------------------------------------------------------------

  /** Has the model without the direction go on from what has gone out. */
  private void rescue() {
    state = State.ASKING;
    String kept = answer.delivered();
    Optional<Continuation> call = exchange.continuation();
    if (call.isEmpty() || call.get().obstacle(kept).isPresent()) {
      fail("not_continuable");
    } else if (call.get().left(answer.tokens()).filter(left -> left <= 0).isPresent()) {
      exchange.tried("complete");
      answer.close(feed.source().choices(), "length");
      finish(last, Action.RESCUED, Outcome.COMPLETED);
    } else if (!tries.left()) {
      fail("");
    } else {
      exchange.variant().ifPresentOrElse(v -> ask(call.get(), v), () -> fail("no_variant"));
    }
  }

  private void ask(Continuation call, AblatedVariant variant) {
    onward.heard();
    tries.ask(seam.next(call, answer, variant), variant);
  }

  @Override
  public void began(HttpClientResponse head, Seam.Asked asked) {
    Optional<Following> following = exchange.follow();
    if (following.isEmpty()) {
      came("failed");
      return;
    }
    begin(following.get(), asked.byIds() && exchange.entry().route() == Route.CHAT_COMPLETIONS);
    Consumer<Runnable> current = tries.whileCurrent();
    head.exceptionHandler(e -> current.accept(() -> came("failed")));
    head.endHandler(end -> current.accept(this::ended));
    head.handler(chunk -> current.accept(() -> further(head, chunk)));
  }

  private void further(HttpClientResponse head, Buffer chunk) {
    onward.heard();
    take(chunk);
    out.pauseWhileFull(head, onward);
  }

  /** One try came to nothing; the next one begins where the client stands. */
  @Override
  public void came(String how) {
    if (state == State.OVER || state == State.JUDGING) {
      return;
    }
    if (letGo.isPresent()) {
      finishCut();
      return;
    }
    exchange.tried(how);
    feed.drop();
    dropSource();
    if (how.equals("refused")) {
      seam.refused();
      tries.forgive();
    }
    if (how.equals("deadline")) {
      fail("");
    } else {
      rescue();
    }
  }

  /** No try is left, or none could be made: the fail rule of the model decides. */
  private void fail(String why) {
    if (!why.isEmpty()) {
      exchange.tried(why);
    }
    exchange.entry().acted(Action.RESCUE_FAILED);
    if (broken.isPresent()) {
      finishCut();
      return;
    }
    exchange.failed();
    if (exchange.fail() == Fail.CLOSED) {
      refuse("rescue_failed", Action.RESCUE_FAILED);
    } else if (!original.isEmpty() && !times.continued()) {
      feed.restore(original, originalSource);
      finish(last, Action.RESCUE_FAILED, Outcome.COMPLETED);
    } else {
      exchange.withheld("rescue_failed");
      answer.filter(feed.source().choices());
      finish(last, Action.RESCUE_FAILED, Outcome.WITHHELD);
    }
  }

  private void finishCut() {
    stopSource();
    onward.cut(broken.orElse(Outcome.ORIGIN_CUT));
  }

  // ---- the end --------------------------------------------------------------------------------

  private void refuse(String reason, Action action) {
    exchange.withheld(reason);
    answer.refuse(feed.source().choices());
    finish(last, action, Outcome.WITHHELD);
  }

  private void finish(Reading found, Action action, Outcome outcome) {
    end(found, action, outcome, first.statusCode());
    out.end(
        new Annotation(found, action),
        original() ? first.trailers() : MultiMap.caseInsensitiveMultiMap());
  }

  private void end(Reading found, Action action, Outcome outcome, int status) {
    stopSource();
    state = State.OVER;
    exchange.generated(feed.source(), answer.tokens());
    exchange.entry().acted(action);
    verdict = CompletableFuture.completedFuture(found);
    onward.over(status, outcome);
  }

  private void stopSource() {
    tries.text();
    dropSource();
  }

  private void dropSource() {
    feed.stop();
    exchange.idsGiven(feed.source());
    feed.source().following().abandon();
    onward.stopOrigin();
    tries.drop();
  }

  /** The passage is over: the one verdict on its exchange. */
  CompletableFuture<Reading> over(Outcome outcome) {
    if (state == State.OVER) {
      return verdict;
    }
    verdict = outcome == Outcome.CLIENT_GONE ? left() : exchange.unparseable();
    state = State.OVER;
    feed.stop();
    tries.stop();
    onward.stopOrigin();
    exchange.generated(feed.source(), answer.tokens());
    AnswerSource gone = feed.source();
    verdict.whenComplete((reading, failure) -> gone.following().abandon());
    return verdict;
  }

  /** The client left: the verdict on what its source has said, or on what made it turn. */
  private CompletableFuture<Reading> left() {
    if (!original() && letGo.isEmpty()) {
      exchange.tried("client_gone");
      if (times.continued()) {
        exchange.entry().acted(Action.RESCUED);
      }
    }
    return switch (state) {
      case ASKING -> CompletableFuture.completedFuture(last);
      case JUDGING -> verdict;
      default -> exchange.verdict(feed.source(), false);
    };
  }

  @Override
  public void end(MultiMap trailers) {
    throw new IllegalStateException("wanted an end of its own, found the passage's");
  }

  @Override
  public int cutStatus(int sent) {
    return out.begun() ? sent : 0;
  }

  @Override
  public boolean cut() {
    exchange.screens().meters().count(Meter.ANNOTATIONS, "not_applied");
    return false;
  }
}
