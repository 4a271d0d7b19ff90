package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.plumbline.agent.wire.SseFrames;
import dev.plumbline.agent.wire.Stitcher;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A stream of which nothing goes out that no verdict covers, and whose last tokens stay in until
 * the verdict on the whole. When it drifts, what is held is dropped, its source is stopped, and
 * either a refusal takes the place of the rest (withhold) or the model without the direction goes
 * on from what has gone out (rescue): one stream to the client, see {@link Stitcher}.
 *
 * <pre>
 *   FOLLOWING --drifted--> ASKING --text--> FOLLOWING     (rescue, while tries are left)
 *   FOLLOWING --end------> JUDGING --aligned--> OVER
 *   JUDGING   --drifted--> ASKING                         (or OVER with a refusal)
 *   any       --no verdict--> LET_GO (open) or OVER with a refusal or an error (closed)
 * </pre>
 *
 * <p>Where the tries come to nothing the fail rule decides. Closed: a refusal. Open: the last try
 * goes on although it drifts too, for it is the model without the direction; where no try said
 * anything, the original, if all of it is still held; else the stream ends with {@code
 * finish_reason: content_filter}, since what was stopped cannot be taken up again. Each is said and
 * counted. Lives on one event loop.
 */
final class ScreenedStream implements Delivering {
  /** How often a verdict that is due is asked for; also asked whenever bytes come. */
  private static final long POLL_MILLIS = 5;

  private static final int MOST_CHOICES = 16;
  private static final String FILTERED = "content_filter";

  private enum State {
    FOLLOWING,
    JUDGING,
    ASKING,
    LET_GO,
    OVER
  }

  private final ScreenCase exchange;
  private final HttpServerRequest in;
  private final HttpClientResponse first;
  private final Onward onward;
  private final ScreenedOut out;
  private final int window;
  private final Stitcher stitcher;
  private final HeldFrames held = new HeldFrames();
  private final ScreenTimes times;
  private State state = State.FOLLOWING;
  private AnswerSource source;
  private int[] covered = new int[MOST_CHOICES];
  private String delivered = "";
  private int deliveredTokens;
  private int tries;
  private VariantAsks.Asked asked;
  private long poll = -1;
  private long deadline = -1;
  private Reading last = Reading.unscored(UnscoredReason.NO_HIDDEN_STATES);
  private List<HeldFrames.Held> original = List.of();
  private AnswerSource originalSource;
  private Action letGo = Action.NOT_APPLIED;
  private Optional<Outcome> broken = Optional.empty();
  private CompletableFuture<Reading> verdict;

  ScreenedStream(
      ScreenCase exchange,
      Following following,
      HttpServerRequest in,
      HttpClientResponse answer,
      Onward onward,
      Watch watch) {
    this.exchange = exchange;
    this.in = in;
    this.first = answer;
    this.onward = onward;
    this.out = new ScreenedOut(in, answer, watch, exchange.screens().meters());
    this.window = exchange.screens().settings().window(exchange.mode()).orElse(Integer.MAX_VALUE);
    this.stitcher = new Stitcher(exchange.entry().route());
    this.times = new ScreenTimes(exchange.screens().meters(), exchange.label());
    this.source = source(following, "", 0);
  }

  private AnswerSource source(Following following, String kept, int tokens) {
    following.scores(exchange.entry()::prefixScore);
    exchange.entry().read(following::soFar);
    return new AnswerSource(exchange.call(), following, kept, tokens, exchange.bound());
  }

  // ---- what comes -----------------------------------------------------------------------------

  @Override
  public void chunk(Buffer chunk) {
    if (tries == 0) {
      take(chunk);
    }
  }

  private void take(Buffer chunk) {
    if (state != State.FOLLOWING && state != State.LET_GO) {
      return;
    }
    try {
      source.frames(chunk.getBytes()).forEach(this::take);
    } catch (IllegalStateException tooLong) {
      unscored(Reading.unscored(UnscoredReason.TOO_LONG));
      return;
    }
    if (state == State.LET_GO) {
      write(held.takeAll());
    } else if (held.bytes() > exchange.bound()) {
      unscored(Reading.unscored(UnscoredReason.TOO_LONG));
    } else {
      check();
    }
  }

  private void take(SseFrames.Frame frame) {
    JsonNode chunk = AnswerSource.chunk(frame);
    HeldFrames.Held taken = null;
    if (tries == 0) {
      stitcher.saw(chunk);
      taken = source.take(frame, chunk, frame);
      held.add(taken);
    } else {
      SseFrames.Frame out = frame;
      Optional<ObjectNode> next = stitcher.goesOn(chunk, source.keptTokens());
      if (next.isPresent()) {
        out = Stitcher.frame(next.get());
      }
      taken = source.take(frame, chunk, out);
      if (next.isPresent() || frame.data().equals(SseFrames.DONE)) {
        held.add(taken);
      }
    }
    if (taken.text()) {
      times.text();
      deadline = cancel(deadline);
    }
  }

  /** Looks how far the verdict has come; lets go what it covers. */
  private void check() {
    if (state != State.FOLLOWING) {
      return;
    }
    for (Following.Prefix prefix : source.following().prefixes()) {
      Verdict found = prefix.reading().verdict();
      if (turns(prefix.reading())) {
        turned(prefix.reading());
        return;
      }
      if (found instanceof Verdict.Aligned && prefix.choice() < covered.length) {
        covered[prefix.choice()] = Math.max(covered[prefix.choice()], prefix.units());
      }
    }
    write(held.release(covered, window));
    waitForMore();
  }

  private void waitForMore() {
    boolean due = held.due(covered, window);
    if (due && times.waited(exchange.screens().settings().patience())) {
      unscored(Reading.unscored(UnscoredReason.DEADLINE_PASSED));
      return;
    }
    if (!due) {
      times.waitsForNothing();
    } else if (poll < 0) {
      poll =
          exchange
              .vertx()
              .setTimer(
                  POLL_MILLIS,
                  fired -> {
                    poll = -1;
                    check();
                  });
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
    poll = cancel(poll);
    deadline = cancel(deadline);
    boolean letGo = state == State.LET_GO;
    if (!source.ended() && tries > 0 && !letGo) {
      tryFailed("failed");
      return;
    }
    state = letGo ? state : State.JUDGING;
    AnswerSource judged = source;
    verdict = source.ended() ? exchange.judge(source) : exchange.unparseable();
    InTime.of(verdict, exchange.vertx(), exchange.screens().settings().patience())
        .onSuccess(found -> judged(found, judged));
  }

  private void judged(Reading found, AnswerSource of) {
    if (state == State.OVER || of != source) {
      return;
    }
    if (state == State.LET_GO) {
      complete(found, letGo);
    } else if (found.reason().isPresent()) {
      unscored(found);
    } else if (turns(found)) {
      turned(found);
    } else {
      complete(found, tries > 0 ? Action.RESCUED : Action.NONE);
    }
  }

  /** What continues an answer is held to the verdict alone. */
  private boolean turns(Reading found) {
    return tries == 0
        ? exchange.screens().turns(found, exchange.mode())
        : found.verdict() instanceof Verdict.Drifted;
  }

  private void complete(Reading found, Action action) {
    if (action == Action.RESCUED) {
      exchange.tried(source.kept().isEmpty() ? "anew" : "continued");
    }
    write(held.takeAll());
    out.write(source.rest());
    finish(found, action, Outcome.COMPLETED);
  }

  /** No verdict can be had: the fail rule of the model decides. */
  private void unscored(Reading found) {
    boolean over = state == State.JUDGING;
    Telling told = exchange.fails().tell(found, Action.NOT_APPLIED, exchange.fail(), true);
    if (exchange.fail() == Fail.OPEN) {
      state = State.LET_GO;
      poll = cancel(poll);
      exchange.entry().acted(Action.NOT_APPLIED);
      if (over) {
        complete(found, Action.NOT_APPLIED);
      } else {
        write(held.takeAll());
      }
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

  /** What is held has drifted, or all of it has. */
  private void turned(Reading found) {
    last = found;
    exchange.entry().turned(found);
    times.turned();
    boolean whole = state == State.JUDGING;
    if (tries > exchange.screens().settings().retries() && exchange.fail() == Fail.OPEN) {
      goOnDrifted(found, whole);
      return;
    }
    List<HeldFrames.Held> dropped = held.takeAll();
    exchange.dropped(deliveredTokens, source.tokens() - deliveredTokens);
    if (tries == 0 && whole) {
      original = dropped;
      originalSource = source;
    }
    if (tries > 0) {
      exchange.tried("drifted");
    }
    stopSource();
    if (exchange.mode() == Mode.RESCUE) {
      rescue();
    } else {
      refuse("drifted", Action.WITHHELD);
    }
  }

  /** The last try drifts too, and the model fails open: it goes on, and says so. */
  private void goOnDrifted(Reading found, boolean whole) {
    exchange.tried("drifted");
    exchange.failed();
    letGo = Action.RESCUE_FAILED;
    exchange.entry().acted(letGo);
    if (whole) {
      complete(found, letGo);
    } else {
      state = State.LET_GO;
      write(held.takeAll());
    }
  }

  @Override
  public boolean goesOn(Outcome how) {
    if (state == State.JUDGING) {
      unscored(Reading.unscored(UnscoredReason.DEADLINE_PASSED));
      return true;
    }
    if (state == State.OVER || state == State.LET_GO) {
      return false;
    }
    if (tries > 0) {
      tryFailed("failed");
      return true;
    }
    if (exchange.mode() != Mode.RESCUE) {
      return false;
    }
    broken = Optional.of(how);
    held.takeAll();
    times.turned();
    stopSource();
    rescue();
    return true;
  }

  // ---- rescue ---------------------------------------------------------------------------------

  /** Has the model without the direction go on from what has gone out. */
  private void rescue() {
    state = State.ASKING;
    Optional<Continuation> call = exchange.continuation();
    boolean text = delivered.isEmpty() || !source.more();
    if (call.isEmpty() || !text || call.get().obstacle(delivered).isPresent()) {
      fail("not_continuable");
    } else if (call.get().left(deliveredTokens).filter(left -> left <= 0).isPresent()) {
      exchange.tried("complete");
      close("length");
      finish(last, Action.RESCUED, Outcome.COMPLETED);
    } else if (tries > exchange.screens().settings().retries()) {
      fail("");
    } else {
      exchange.variant().ifPresentOrElse(v -> ask(call.get(), v), () -> fail("no_variant"));
    }
  }

  private void ask(Continuation call, AblatedVariant variant) {
    tries++;
    boolean prefills = variant instanceof AblatedVariant.Lora;
    VariantAsks.Pending pending =
        exchange
            .screens()
            .asks()
            .ask(
                in,
                exchange.entry().origin(),
                variant,
                call.body(delivered, deliveredTokens, prefills));
    VariantAsks.Asked now = pending.asked();
    asked = now;
    onward.heard();
    deadline =
        exchange
            .vertx()
            .setTimer(
                Math.max(1, exchange.screens().settings().rescueDeadline().toMillis()),
                fired -> {
                  deadline = -1;
                  tryFailed("deadline");
                });
    pending
        .answer()
        .onComplete(
            head -> {
              if (asked == now && state == State.ASKING && head.succeeded()) {
                begin(head.result(), now);
              } else if (asked == now && state == State.ASKING) {
                tryFailed("failed");
              }
            });
  }

  private void begin(HttpClientResponse head, VariantAsks.Asked of) {
    Optional<Following> following = isStream(head) ? exchange.follow() : Optional.empty();
    if (following.isEmpty()) {
      tryFailed("failed");
      return;
    }
    source = source(following.get(), delivered, deliveredTokens);
    covered = new int[MOST_CHOICES];
    covered[0] = delivered.length();
    state = State.FOLLOWING;
    head.exceptionHandler(e -> during(of, () -> tryFailed("failed")));
    head.endHandler(end -> during(of, this::ended));
    head.handler(
        chunk ->
            during(
                of,
                () -> {
                  onward.heard();
                  take(chunk);
                  out.pauseWhileFull(head, onward);
                }));
  }

  /** What comes of a source that was given up is nobody's. */
  private void during(VariantAsks.Asked of, Runnable then) {
    if (asked == of && (state == State.FOLLOWING || state == State.LET_GO)) {
      then.run();
    }
  }

  private boolean isStream(HttpClientResponse head) {
    String type = Optional.ofNullable(head.getHeader("content-type")).orElse("");
    return head.statusCode() == 200
        && type.startsWith("text/event-stream")
        && head.getHeader("content-encoding") == null;
  }

  /** One try came to nothing; the next one begins where the client stands. */
  private void tryFailed(String how) {
    if (state == State.LET_GO) {
      finishCut();
      return;
    }
    exchange.tried(how);
    held.takeAll();
    stopSource();
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
      source = originalSource;
      write(original);
      finish(last, Action.RESCUE_FAILED, Outcome.COMPLETED);
    } else {
      exchange.withheld("rescue_failed");
      close(FILTERED);
      finish(last, Action.RESCUE_FAILED, Outcome.WITHHELD);
    }
  }

  private void finishCut() {
    Outcome how = broken.orElse(Outcome.ORIGIN_CUT);
    stopSource();
    onward.cut(how);
  }

  private void stopSource() {
    poll = cancel(poll);
    deadline = cancel(deadline);
    source.following().abandon();
    onward.stopOrigin();
    if (asked != null) {
      // Forgotten first: its reset is told to whoever it belongs to, at once.
      VariantAsks.Asked gone = asked;
      asked = null;
      gone.close();
    }
  }

  // ---- what goes out --------------------------------------------------------------------------

  private void write(List<HeldFrames.Held> frames) {
    for (HeldFrames.Held each : frames) {
      out.write(each.frame().raw());
      stitcher.sent(each.chunk());
      out.saw(each.chunk());
      if (each.text()) {
        times.released(tries > 0);
        delivered = source.text(each.marks()[0]);
        deliveredTokens = each.tokens();
      }
    }
  }

  private void refuse(String reason, Action action) {
    exchange.withheld(reason);
    String text = exchange.screens().settings().refusal();
    for (int choice : out.open(source.choices())) {
      String gap = delivered.isEmpty() ? "" : "\n\n";
      out.write(stitcher.refuses(choice, gap + text).raw());
    }
    close(FILTERED);
    finish(last, action, Outcome.WITHHELD);
  }

  /** Ends the answer as its route does. */
  private void close(String reason) {
    for (int choice : out.open(source.choices())) {
      out.write(stitcher.ends(choice, reason).raw());
    }
    if (exchange.continuation().filter(Continuation::counts).isPresent()) {
      stitcher.counts(deliveredTokens).ifPresent(frame -> out.write(frame.raw()));
    }
    out.write(Stitcher.done().raw());
  }

  private void finish(Reading found, Action action, Outcome outcome) {
    end(found, action, outcome, first.statusCode());
    out.end(
        new Annotation(found, action),
        tries == 0 ? first.trailers() : MultiMap.caseInsensitiveMultiMap());
  }

  private void end(Reading found, Action action, Outcome outcome, int status) {
    stopSource();
    state = State.OVER;
    exchange.generated(source, deliveredTokens);
    exchange.entry().acted(action);
    verdict = CompletableFuture.completedFuture(found);
    onward.over(status, outcome);
  }

  /** The passage is over: the one verdict on its exchange. */
  CompletableFuture<Reading> over(Outcome outcome) {
    if (state == State.OVER) {
      return verdict;
    }
    State then = state;
    state = State.OVER;
    boolean left = outcome == Outcome.CLIENT_GONE;
    CompletableFuture<Reading> found = exchange.unparseable();
    if (left && then == State.ASKING) {
      found = CompletableFuture.completedFuture(last);
    } else if (left) {
      found = verdict == null ? exchange.judge(source) : verdict;
    }
    poll = cancel(poll);
    deadline = cancel(deadline);
    onward.stopOrigin();
    if (asked != null) {
      asked.close();
    }
    AnswerSource gone = source;
    verdict = found;
    found.whenComplete((reading, failure) -> gone.following().abandon());
    return found;
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

  private long cancel(long timer) {
    if (timer >= 0) {
      exchange.vertx().cancelTimer(timer);
    }
    return -1;
  }
}
