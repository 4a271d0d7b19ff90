package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.wire.Continuation;
import dev.plumbline.agent.wire.Route;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has the model without the direction go on from what has gone out, and again while tries are left.
 * Where they come to nothing the fail rule decides. On one event loop.
 */
final class ScreenedRescue implements RescueTries.Told {
  /** Who takes the streams that come of it. */
  interface Sources {
    /**
     * One begins where the client stands.
     *
     * @param completions its events are those of completions, and wanted as a chat's
     */
    void begins(Following following, boolean completions);

    /** Its next bytes. */
    void says(Buffer chunk);

    /** It has ended. */
    void ends();
  }

  private final ScreenedParts parts;
  private final ScreenedEnd end;
  private final Sources sources;
  private final ScreenCase exchange;
  private final Seam seam;
  private List<HeldFrames.Held> original = List.of();
  private AnswerSource originalSource;
  private Optional<Outcome> broken = Optional.empty();

  ScreenedRescue(ScreenedParts parts, ScreenedEnd end, Sources sources) {
    this.parts = parts;
    this.end = end;
    this.sources = sources;
    this.exchange = parts.exchange();
    this.seam = new Seam(exchange);
  }

  /** The whole original is still held: it may yet go out. */
  void keep(List<HeldFrames.Held> frames, AnswerSource of) {
    original = frames;
    originalSource = of;
  }

  /** The original broke off. */
  void brokeOff(Outcome how) {
    broken = Optional.of(how);
    parts.feed().drop();
    parts.times().turned();
    end.stopSource();
    begin();
  }

  /** Takes the next try. */
  void begin() {
    parts.standing().now(Standing.Phase.ASKING);
    ScreenedAnswer answer = parts.answer();
    Optional<Continuation> call = exchange.continuation();
    if (call.isEmpty() || call.get().obstacle(answer.delivered()).isPresent()) {
      fail("not_continuable");
    } else if (call.get().left(answer.tokens()).filter(left -> left <= 0).isPresent()) {
      exchange.tried("complete");
      answer.close(parts.feed().source().choices(), "length");
      end.finish(parts.standing().last(), Action.RESCUED, Outcome.COMPLETED);
    } else if (!parts.tries().left()) {
      fail("");
    } else {
      exchange.variant().ifPresentOrElse(v -> ask(call.get(), v), () -> fail("no_variant"));
    }
  }

  private void ask(Continuation call, AblatedVariant variant) {
    parts.onward().heard();
    parts.tries().ask(seam.next(call, parts.answer(), variant), variant);
  }

  @Override
  public void began(HttpClientResponse head, Seam.Asked asked) {
    Optional<Following> following = exchange.follow();
    if (following.isEmpty()) {
      came("failed");
      return;
    }
    boolean chat = exchange.entry().route() == Route.CHAT_COMPLETIONS;
    sources.begins(following.get(), asked.byIds() && chat);
    Consumer<Runnable> current = parts.tries().whileCurrent();
    head.exceptionHandler(e -> current.accept(() -> came("failed")));
    head.endHandler(ended -> current.accept(sources::ends));
    head.handler(chunk -> current.accept(() -> further(head, chunk)));
  }

  private void further(HttpClientResponse head, Buffer chunk) {
    parts.onward().heard();
    sources.says(chunk);
    parts.out().pauseWhileFull(head, parts.onward());
  }

  /** One try came to nothing; the next one begins where the client stands. */
  @Override
  public void came(String how) {
    Standing standing = parts.standing();
    if (standing.is(Standing.Phase.OVER) || standing.is(Standing.Phase.JUDGING)) {
      return;
    }
    if (standing.letGo().isPresent()) {
      end.cut(broken.orElse(Outcome.ORIGIN_CUT));
      return;
    }
    exchange.tried(how);
    parts.feed().drop();
    end.dropSource();
    if (how.equals("refused")) {
      seam.refused();
      parts.tries().forgive();
    }
    if (how.equals("deadline")) {
      fail("");
    } else {
      begin();
    }
  }

  /** No try is left, or none could be made: the fail rule of the model decides. */
  private void fail(String why) {
    if (!why.isEmpty()) {
      exchange.tried(why);
    }
    exchange.entry().acted(Action.RESCUE_FAILED);
    if (broken.isPresent()) {
      end.cut(broken.get());
      return;
    }
    exchange.failed();
    if (exchange.fail() == Fail.CLOSED) {
      end.refuse("rescue_failed", Action.RESCUE_FAILED);
    } else {
      failOpen();
    }
  }

  private void failOpen() {
    if (!original.isEmpty() && !parts.times().continued()) {
      parts.feed().restore(original, originalSource);
      end.finish(parts.standing().last(), Action.RESCUE_FAILED, Outcome.COMPLETED);
      return;
    }
    exchange.withheld("rescue_failed");
    parts.answer().filter(parts.feed().source().choices());
    end.finish(parts.standing().last(), Action.RESCUE_FAILED, Outcome.WITHHELD);
  }
}
