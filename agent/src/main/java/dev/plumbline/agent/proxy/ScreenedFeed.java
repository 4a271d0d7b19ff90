package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.SseFrames;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The way of a screened stream's events from the source that speaks now to the client: taken in,
 * held, and let go as far as verdicts cover them. Decides nothing. On one event loop.
 */
final class ScreenedFeed {
  private final ScreenCase exchange;
  private final ScreenedAnswer answer;
  private final ScreenTimes times;
  private final Coverage coverage;
  private final Runnable text;
  private final int window;
  private final HeldFrames held = new HeldFrames();
  private AnswerSource source;
  private boolean first = true;

  /**
   * @param again asked when verdicts may have come further
   * @param text told of each event that brings text
   */
  ScreenedFeed(
      ScreenCase exchange,
      ScreenedAnswer answer,
      ScreenTimes times,
      Runnable again,
      Runnable text) {
    this.exchange = exchange;
    this.answer = answer;
    this.times = times;
    this.text = text;
    this.window = exchange.screens().settings().window(exchange.mode()).orElse(Integer.MAX_VALUE);
    this.coverage =
        new Coverage(exchange.vertx(), times, exchange.screens().settings().patience(), again);
  }

  /**
   * A source begins where the client stands.
   *
   * @param completions its events are those of completions, and wanted as a chat's
   * @param first whether it is the first one, whose events go on as they came
   */
  void begin(Following following, boolean completions, boolean first) {
    this.first = first;
    following.scores(exchange.entry()::prefixScore);
    exchange.entry().read(following::soFar);
    String kept = answer.delivered();
    source =
        new AnswerSource(
            exchange.call(), following, kept, answer.tokens(), completions, exchange.bound());
    coverage.begin(following, kept.length());
  }

  /** The one that speaks, or spoke last. */
  AnswerSource source() {
    return source;
  }

  /** Takes the next bytes in. */
  void take(byte[] bytes) {
    source.frames(bytes).forEach(this::take);
  }

  /** The source has ended: takes in the event that only its end could finish. */
  void takeLast() {
    source.lastFrames().forEach(this::take);
  }

  private void take(SseFrames.Frame frame) {
    if (source.done() && !frame.data().isEmpty()) {
      return; // No client reads behind the last event, and no verdict covers it.
    }
    JsonNode chunk = AnswerSource.chunk(frame);
    Optional<SseFrames.Frame> form = answer.form(frame, chunk, source, first);
    HeldFrames.Held taken = source.take(frame, chunk, form.orElse(frame));
    if (form.isPresent()) {
      held.add(taken);
    }
    if (taken.text()) {
      times.text();
      text.run();
    }
  }

  /** Whether there is more than is read, or held. */
  boolean tooLong() {
    return source.tooLong() || held.bytes() > exchange.bound();
  }

  /** Looks how far the verdicts have come; the first one that turns, if any does. */
  Optional<Reading> turn(Predicate<Reading> turns) {
    return coverage.turn(turns);
  }

  /**
   * Lets go what verdicts cover, and waits for the next.
   *
   * @return false when one was waited for too long
   */
  boolean release() {
    boolean whole = exchange.mode() == Mode.RESCUE && source.more();
    int stays = whole ? Integer.MAX_VALUE : window;
    answer.write(held.release(coverage.units(), stays), source, first);
    return coverage.await(held.due(coverage.units(), stays));
  }

  /** All there is goes out, understood or not. */
  void passOn() {
    answer.write(held.takeAll(), source, first);
    if (first && source.cut()) {
      answer.pass(source.takeRest());
    }
  }

  /** All there is goes out, and it was all. */
  void complete() {
    answer.write(held.takeAll(), source, first);
    answer.passLast(source.takeRest());
  }

  /** Takes out what is held. */
  List<HeldFrames.Held> drop() {
    return held.takeAll();
  }

  /** What was kept of an earlier source goes out after all. */
  void restore(List<HeldFrames.Held> frames, AnswerSource of) {
    source = of;
    answer.write(frames, of, true);
  }

  /** Waits for no verdict any more. */
  void stop() {
    coverage.stop();
  }
}
