package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Continuation;
import dev.plumbline.agent.wire.Stitcher;
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
    Optional<Tap> tap = shared.tap().get().filter(Tap::follows);
    if (!windowed || !head.stream() || tap.isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> body = small();
    Optional<Call> call = body.flatMap(each -> Call.of(entry.route(), each));
    Optional<String> whole = heldWhole(head, mode, body, call);
    whole.ifPresent(this::count);
    return whole.isPresent()
        ? Optional.empty()
        : Optional.of(screening(call.orElseThrow(), body.orElseThrow(), tap.get(), uri));
  }

  private Optional<byte[]> small() {
    return request.overflown()
        ? Optional.empty()
        : request.small().filter(body -> body.length <= StreamFollow.MOST_REQUEST_BYTES);
  }

  /** Why all of it is to wait for the verdict on the whole; empty for nothing. */
  private Optional<String> heldWhole(
      AnswerHead head, Mode mode, Optional<byte[]> body, Optional<Call> call) {
    if (StreamEnd.of(entry.route()).isEmpty()) {
      return Optional.of("route");
    }
    if (!head.readable()) {
      return Optional.of("coded");
    }
    if (body.isEmpty()) {
      return Optional.of("too_long");
    }
    if (call.isEmpty()) {
      return Optional.of("request");
    }
    return mode == Mode.RESCUE ? notContinuable(body.get()) : Optional.empty();
  }

  /** What could not go on from its middle is held whole, and given anew if it drifts. */
  private Optional<String> notContinuable(byte[] body) {
    Optional<Continuation> continuation = Continuation.of(entry.route(), body);
    if (continuation.isEmpty()) {
      return Optional.of(Stitcher.stitches(entry.route()) ? "request" : "route");
    }
    return continuation.get().obstacleAnywhere().map(ScreenChoice::word);
  }

  private static String word(Continuation.Obstacle obstacle) {
    return switch (obstacle) {
      case CHOICES -> "choices";
      case FORMAT -> "form";
      case NOT_TEXT, UNREADABLE -> "request";
    };
  }

  private void count(String why) {
    String label = shared.screens().label().apply(request.model());
    shared.screens().meters().count(Meter.HELD_WHOLE, label, why);
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
