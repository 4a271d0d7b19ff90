package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.proxy.Standing.Phase;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
final class ScreenedStream implements Delivering, RescueTries.Told, ScreenedRescue.Sources {
  private final ScreenCase exchange;
  private final ScreenedParts parts;
  private final ScreenedFeed feed;
  private final Standing standing = new Standing();
  private final ScreenedEnd end;
  private final ScreenedRescue rescue;
  private final ScreenedVerdict verdict;

  ScreenedStream(
      ScreenCase exchange,
      Following following,
      HttpServerRequest in,
      HttpClientResponse first,
      Onward onward,
      Watch watch) {
    this.exchange = exchange;
    ScreenedOut out = new ScreenedOut(in, first, watch, exchange.screens().meters());
    ScreenTimes times = new ScreenTimes(exchange.screens().meters(), exchange.label());
    ScreenedAnswer answer = new ScreenedAnswer(exchange, out, times);
    RescueTries tries = new RescueTries(exchange, in, this);
    this.feed = new ScreenedFeed(exchange, answer, times, this::check, tries::text);
    this.parts =
        new ScreenedParts(exchange, first, onward, out, answer, times, feed, tries, standing);
    this.end = new ScreenedEnd(parts);
    this.rescue = new ScreenedRescue(parts, end, this);
    this.verdict = new ScreenedVerdict(parts, end, rescue);
    begins(following, false);
  }

  // ---- what comes -----------------------------------------------------------------------------

  @Override
  public void begins(Following following, boolean completions) {
    feed.begin(following, completions, parts.original());
    standing.now(Phase.FOLLOWING);
  }

  @Override
  public void chunk(Buffer chunk) {
    if (parts.original()) {
      says(chunk);
    }
  }

  @Override
  public void says(Buffer chunk) {
    if (!standing.is(Phase.FOLLOWING)) {
      return;
    }
    feed.take(chunk.getBytes());
    if (standing.letGo().isPresent()) {
      feed.passOn();
    } else if (feed.tooLong()) {
      tooLong();
    } else {
      check();
    }
  }

  private void tooLong() {
    if (!parts.original() && feed.source().cut()) {
      came("failed");
    } else {
      verdict.unscored(Reading.unscored(UnscoredReason.TOO_LONG));
    }
  }

  /** Looks how far the verdict has come; lets go what it covers. */
  private void check() {
    if (!standing.is(Phase.FOLLOWING) || standing.letGo().isPresent()) {
      return;
    }
    Optional<Reading> turn = feed.turn(verdict::turns);
    if (turn.isPresent()) {
      verdict.turned(turn.get());
    } else if (!feed.release()) {
      verdict.unscored(Reading.unscored(UnscoredReason.DEADLINE_PASSED));
    }
  }

  // ---- what comes of a rescue -----------------------------------------------------------------

  @Override
  public void began(HttpClientResponse head, Seam.Asked asked) {
    rescue.began(head, asked);
  }

  @Override
  public void came(String how) {
    rescue.came(how);
  }

  // ---- how it ends ----------------------------------------------------------------------------

  @Override
  public boolean goesOn() {
    if (standing.is(Phase.OVER)) {
      return false;
    }
    ends();
    return true;
  }

  @Override
  public void ends() {
    parts.onward().heard();
    feed.stop();
    feed.takeLast();
    if (!parts.original() && !feed.source().ended()) {
      came("failed");
      return;
    }
    parts.tries().text();
    standing.now(Phase.JUDGING);
    AnswerSource judged = feed.source();
    standing.verdict(exchange.verdict(judged, true));
    InTime.of(standing.verdict(), exchange.vertx(), exchange.screens().settings().patience())
        .onSuccess(found -> verdict.judged(found, judged));
  }

  @Override
  public boolean goesOn(Outcome how) {
    boolean judging = standing.is(Phase.JUDGING);
    if (standing.is(Phase.OVER) || (standing.letGo().isPresent() && !judging)) {
      return false;
    }
    if (judging) {
      verdict.judged(Reading.unscored(UnscoredReason.DEADLINE_PASSED), feed.source());
    } else if (!parts.original()) {
      came("failed");
    } else if (exchange.mode() == Mode.RESCUE) {
      rescue.brokeOff(how);
    } else {
      return false;
    }
    return true;
  }

  /** The passage is over: the one verdict on its exchange. */
  CompletableFuture<Reading> over(Outcome outcome) {
    return end.over(outcome);
  }

  @Override
  public void end(MultiMap trailers) {
    throw new IllegalStateException("wanted an end of its own, found the passage's");
  }

  @Override
  public int cutStatus(int sent) {
    return parts.out().begun() ? sent : 0;
  }

  @Override
  public boolean cut() {
    exchange.screens().meters().count(Meter.ANNOTATIONS, "not_applied");
    return false;
  }
}
