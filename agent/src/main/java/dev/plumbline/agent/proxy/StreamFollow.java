package dev.plumbline.agent.proxy;

import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.TextsSoFar;
import dev.plumbline.agent.wire.dialect.AnswerStream;
import dev.plumbline.agent.wire.dialect.Call;
import dev.plumbline.core.score.Priority;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Leads a tap along an answer that streams by, so that at its end little is left to read. Event
 * loop, but for {@link #end}.
 */
final class StreamFollow {
  /** A longer request is understood on a scoring thread only, not on an event loop. */
  static final int MOST_REQUEST_BYTES = 256 << 10;

  private final Following following;
  private final AnswerStream answer;
  private final TextsSoFar texts;

  private StreamFollow(Following following, AnswerStream answer) {
    this.following = following;
    this.answer = answer;
    this.texts = new TextsSoFar(following);
  }

  /**
   * Begins, where the tap follows and the request is understood.
   *
   * @param entry learns the scores of prefixes, and can be asked for its reading so far
   * @param maxEventBytes a stream with a longer event is not followed
   * @param priority whether somebody waits for its verdict
   */
  static Optional<StreamFollow> begin(
      Tap tap, Entry entry, byte[] request, int maxEventBytes, Priority priority) {
    if (!tap.follows() || request.length > MOST_REQUEST_BYTES) {
      return Optional.empty();
    }
    return Call.of(entry.route(), request)
        .flatMap(
            call ->
                call.prompt()
                    .flatMap(prompt -> tap.follow(entry.id(), prompt, priority))
                    .map(open -> begun(entry, open, call.stream(maxEventBytes))));
  }

  private static StreamFollow begun(Entry entry, Following open, AnswerStream answer) {
    open.scores(entry::prefixScore);
    entry.read(open::soFar);
    return new StreamFollow(open, answer);
  }

  /** The next bytes of the answer, not encoded. */
  void bytes(Buffer chunk) {
    answer.feed(chunk.getBytes()).soFar().ifPresent(said -> texts.are(said.texts()));
  }

  /** As {@link Tap#read}; on a scoring thread. */
  CompletionStage<Reading> end(ExchangeText whole, BooleanSupplier abandoned) {
    return following.end(whole, abandoned);
  }

  /** Nobody waits for a reading any more. */
  void over() {
    following.abandon();
  }
}
