package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Continuation;
import dev.plumbline.agent.wire.StreamEnd;
import dev.plumbline.agent.wire.dialect.Call;
import dev.plumbline.core.score.Priority;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * Which answers can go out as far as a verdict covers them, and which are at least read as they
 * pass. On one event loop.
 */
final class ScreenChoice {
  private final ExchangeShared shared;
  private final Entry entry;
  private final AskedExchange request;
  private final RequestChanges changes;
  private final Vertx vertx;

  ScreenChoice(
      ExchangeShared shared,
      Entry entry,
      AskedExchange request,
      RequestChanges changes,
      Vertx vertx) {
    this.shared = shared;
    this.entry = entry;
    this.request = request;
    this.changes = changes;
    this.vertx = vertx;
  }

  /** A stream that can go out as far as a verdict covers it; others are held whole. */
  Optional<ScreenCase> screening(AnswerHead head, String uri) {
    Mode mode = request.mode();
    boolean windowed = shared.screens().settings().window(mode).isPresent();
    boolean readable = head.readable() && !request.overflown();
    Optional<Tap> tap = shared.tap().get().filter(Tap::follows);
    if (!windowed || !readable || tap.isEmpty() || StreamEnd.of(entry.route()).isEmpty()) {
      return Optional.empty();
    }
    return request
        .small()
        .filter(body -> mode != Mode.RESCUE || continuable(body))
        .filter(body -> body.length <= StreamFollow.MOST_REQUEST_BYTES)
        .flatMap(
            body ->
                Call.of(entry.route(), body).map(call -> screening(call, body, tap.get(), uri)));
  }

  /** What could not go on from its middle is held whole, and given anew if it drifts. */
  private boolean continuable(byte[] body) {
    return Continuation.of(entry.route(), body).filter(Continuation::fromAnywhere).isPresent();
  }

  private ScreenCase screening(Call call, byte[] body, Tap tap, String uri) {
    return new ScreenCase(
        shared.screens(),
        entry,
        request.mode(),
        request.model(),
        request.fail(),
        shared.fails(),
        call,
        body,
        tap,
        shared.desk(),
        uri,
        changes.ids(),
        vertx,
        shared.observedBytes());
  }

  /** A stream that can be read as it passes is. */
  Optional<StreamFollow> follow(AnswerHead head, Priority priority) {
    boolean readable = head.readable() && head.good();
    return readable && !request.overflown()
        ? shared.tap().get().filter(Tap::follows).flatMap(tap -> follow(tap, priority))
        : Optional.empty();
  }

  private Optional<StreamFollow> follow(Tap tap, Priority priority) {
    return request
        .small()
        .flatMap(body -> StreamFollow.begin(tap, entry, body, shared.observedBytes(), priority));
  }
}
