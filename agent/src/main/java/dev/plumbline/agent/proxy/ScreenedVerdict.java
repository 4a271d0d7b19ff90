package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Verdict;
import java.util.List;

/** What a verdict does to a screened stream, or that there is none. On one event loop. */
final class ScreenedVerdict {
  private final ScreenedParts parts;
  private final ScreenedEnd end;
  private final ScreenedRescue rescue;
  private final ScreenCase exchange;

  ScreenedVerdict(ScreenedParts parts, ScreenedEnd end, ScreenedRescue rescue) {
    this.parts = parts;
    this.end = end;
    this.rescue = rescue;
    this.exchange = parts.exchange();
  }

  /** The one on the whole, unless the source it is of has gone meanwhile. */
  void judged(Reading found, AnswerSource of) {
    Standing standing = parts.standing();
    if (!standing.is(Standing.Phase.JUDGING) || of != parts.feed().source()) {
      return;
    }
    if (standing.letGo().isPresent()) {
      complete(found, standing.letGo().get());
    } else if (found.reason().isPresent()) {
      unscored(found);
    } else if (turns(found)) {
      turned(found);
    } else if (parts.original()) {
      complete(found, Action.NONE);
    } else {
      exchange.tried(parts.feed().source().kept().isEmpty() ? "anew" : "continued");
      complete(found, Action.RESCUED);
    }
  }

  /** What continues an answer is held to the verdict alone. */
  boolean turns(Reading found) {
    return parts.original()
        ? exchange.screens().turns(found, exchange.mode())
        : found.verdict() instanceof Verdict.Drifted;
  }

  private void complete(Reading found, Action action) {
    parts.feed().complete();
    end.finish(found, action, Outcome.COMPLETED);
  }

  /** No verdict can be had: the fail rule of the model decides. */
  void unscored(Reading found) {
    if (!parts.original()) {
      exchange.tried("unscored");
    }
    Telling told = exchange.fails().tell(found, Action.NOT_APPLIED, exchange.fail(), true);
    if (exchange.fail() == Fail.OPEN) {
      letGo(found, parts.original() ? Action.NOT_APPLIED : Action.RESCUED);
    } else if (parts.out().begun()) {
      parts.standing().last(found);
      end.stopSource();
      end.refuse("unscored", Action.WITHHELD);
    } else {
      end.error(found, told);
    }
  }

  private void letGo(Reading found, Action action) {
    parts.standing().letGo(action);
    parts.feed().stop();
    exchange.entry().acted(action);
    if (parts.standing().is(Standing.Phase.JUDGING)) {
      complete(found, action);
    } else {
      parts.feed().passOn();
    }
  }

  /** What is held has drifted, or all of it has. */
  void turned(Reading found) {
    parts.standing().last(found);
    exchange.entry().turned(found);
    parts.times().turned();
    if (!parts.original()) {
      exchange.tried("drifted");
    }
    if (!parts.tries().left() && exchange.fail() == Fail.OPEN) {
      exchange.failed();
      letGo(found, Action.RESCUE_FAILED);
      return;
    }
    drop();
    if (exchange.mode() == Mode.RESCUE) {
      rescue.begin();
    } else {
      end.refuse("drifted", Action.WITHHELD);
    }
  }

  private void drop() {
    List<HeldFrames.Held> dropped = parts.feed().drop();
    AnswerSource source = parts.feed().source();
    int kept = parts.answer().tokens();
    exchange.dropped(kept, source.tokens() - kept);
    if (parts.original() && parts.standing().is(Standing.Phase.JUDGING)) {
      rescue.keep(dropped, source);
    }
    end.stopSource();
  }
}
