package dev.plumbline.agent.proxy;

import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import io.vertx.core.MultiMap;
import java.util.concurrent.CompletableFuture;

/** How a screened stream ends, and how its sources are stopped. On one event loop. */
final class ScreenedEnd {
  private final ScreenedParts parts;

  ScreenedEnd(ScreenedParts parts) {
    this.parts = parts;
  }

  /** A refusal takes the place of the rest. */
  void refuse(String reason, Action action) {
    parts.exchange().withheld(reason);
    parts.answer().refuse(parts.feed().source().choices());
    finish(parts.standing().last(), action, Outcome.WITHHELD);
  }

  /** An error takes the place of all of it; nothing has gone out. */
  void error(Reading found, Telling told) {
    parts.exchange().withheld("unscored");
    stopSource();
    int status = told.instead().orElseThrow().kind().status();
    close(found, Action.WITHHELD, Outcome.WITHHELD, status);
    parts.out().error(told);
  }

  /** What has gone out was all; its verdict goes with the end. */
  void finish(Reading found, Action action, Outcome outcome) {
    close(found, action, outcome, parts.first().statusCode());
    parts
        .out()
        .end(
            new Annotation(found, action),
            parts.original() ? parts.first().trailers() : MultiMap.caseInsensitiveMultiMap());
  }

  private void close(Reading found, Action action, Outcome outcome, int status) {
    stopSource();
    parts.standing().now(Standing.Phase.OVER);
    parts.exchange().generated(parts.feed().source(), parts.answer().tokens());
    parts.exchange().entry().acted(action);
    parts.standing().verdict(CompletableFuture.completedFuture(found));
    parts.onward().over(status, outcome);
  }

  /** It breaks off where it is. */
  void cut(Outcome how) {
    stopSource();
    parts.onward().cut(how);
  }

  /** The passage is over: the one verdict on its exchange. */
  CompletableFuture<Reading> over(Outcome outcome) {
    Standing standing = parts.standing();
    if (standing.is(Standing.Phase.OVER)) {
      return standing.verdict();
    }
    standing.verdict(outcome == Outcome.CLIENT_GONE ? left() : parts.exchange().unparseable());
    standing.now(Standing.Phase.OVER);
    parts.feed().stop();
    parts.tries().stop();
    parts.onward().stopOrigin();
    AnswerSource gone = parts.feed().source();
    parts.exchange().generated(gone, parts.answer().tokens());
    standing.verdict().whenComplete((reading, failure) -> gone.following().abandon());
    return standing.verdict();
  }

  /** The client left: the verdict on what its source has said, or on what made it turn. */
  private CompletableFuture<Reading> left() {
    Standing standing = parts.standing();
    if (!parts.original() && standing.letGo().isEmpty()) {
      parts.exchange().tried("client_gone");
      if (parts.times().continued()) {
        parts.exchange().entry().acted(Action.RESCUED);
      }
    }
    return switch (standing.phase()) {
      case ASKING -> CompletableFuture.completedFuture(standing.last());
      case JUDGING -> standing.verdict();
      default -> parts.exchange().verdict(parts.feed().source(), false);
    };
  }

  /** No source speaks any more, and none is waited for. */
  void stopSource() {
    parts.tries().text();
    dropSource();
  }

  /** The source that speaks is stopped; another may follow before the deadline. */
  void dropSource() {
    parts.feed().stop();
    parts.exchange().idsGiven(parts.feed().source());
    parts.feed().source().following().abandon();
    parts.onward().stopOrigin();
    parts.tries().drop();
  }
}
