package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Priority;
import dev.plumbline.torch.serve.DeviceException;
import dev.plumbline.torch.serve.Engine;
import dev.plumbline.torch.serve.Follower;
import dev.plumbline.torch.text.StreamEncoder;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One choice of a followed exchange: its text becomes tokens, its tokens readouts, those a score.
 *
 * <p>Encoding thread only, but for {@link #soFar}.
 */
final class FollowedChoice {
  /** Text without a place to cut it: longer and it is no language, and is read at its end. */
  private static final int MOST_HELD = 1 << 16;

  private final FollowDesk desk;
  private final long[] prompt;
  private final Priority priority;
  private final StreamEncoder encoder;
  private final Consumer<Reading> told;
  private final StringBuilder text = new StringBuilder();
  private final AnswerReading reading;
  private final TextSeams seams = new TextSeams();
  private long[] ids = new long[64];
  private int count;
  private int scored;
  private volatile Follower follower;

  /**
   * @param told the reading of the whole answer, judged as a stream and as it is; engine thread
   */
  FollowedChoice(FollowDesk desk, long[] prompt, Priority priority, Consumer<Reading> told) {
    this.told = told;
    this.desk = desk;
    this.priority = priority;
    this.prompt = prompt;
    this.encoder = desk.prompts().tokenizer().streamEncoder();
    this.reading = desk.startReading();
    try {
      follower = desk.engine().follow(prompt, prompt.length - desk.lead(), priority);
    } catch (Engine.QueueFullException e) {
      desk.lapsed();
    } catch (IllegalArgumentException | IllegalStateException | DeviceException e) {
      // A prompt the model cannot read, a closed engine, a device that fails: said again, and
      // counted, at the end, when the device may be well again.
      follower = null;
    }
  }

  void feed(String next) {
    if (follower == null) {
      return;
    }
    text.append(next);
    push(encoder.next(next));
    seams.add(count, text.length() - encoder.held());
    if (encoder.held() > MOST_HELD) {
      desk.lapsed();
      abandon();
    }
  }

  private void push(long[] next) {
    if (count + next.length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * ids.length, count + next.length));
    }
    System.arraycopy(next, 0, ids, count, next.length);
    count += next.length;
    try {
      if (next.length > 0 && !follower.feed(next)) {
        forget();
      }
    } catch (IllegalArgumentException e) {
      // Longer than the model reads; the whole text is refused with its reason at the end.
      forget();
    }
  }

  /** Without a follower there is nothing to hold for it. */
  private void forget() {
    follower = null;
    text.setLength(0);
    ids = new long[0];
    count = 0;
  }

  void abandon() {
    Follower gone = follower;
    if (gone != null) {
      gone.abandon();
      forget();
    }
  }

  /** Has the tokens read that are there. */
  void hurry() {
    if (follower != null) {
      follower.hurry();
    }
  }

  /** The reading of what has been read so far; any thread. */
  Optional<Reading> soFar() {
    synchronized (reading) {
      return advance() == 0 ? Optional.empty() : Optional.of(reading.soFar());
    }
  }

  /** How far its text has been judged; any thread. */
  Optional<Following.Prefix> prefix(int index) {
    synchronized (reading) {
      advance();
      return reading.judged() == 0
          ? Optional.empty()
          : Optional.of(
              new Following.Prefix(index, seams.units(reading.judged()), reading.soFar()));
    }
  }

  /** Scores what has been read since; any thread. How many readouts that makes. */
  int advance() {
    Follower now = follower;
    synchronized (reading) {
      if (now != null) {
        for (double[] token : now.since(scored)) {
          reading.next(token);
          scored++;
        }
      }
      return scored;
    }
  }

  /** The reading of the whole answer: of what was followed where that is it, else in one pass. */
  CompletableFuture<Reading> end(String answer, BooleanSupplier given) {
    long[] all = desk.prompts().answer(answer);
    if (follower != null && !completes(answer, all)) {
      desk.mismatch();
      abandon();
    }
    Follower done = follower;
    if (done == null || count == 0) {
      abandon();
      return all.length == 0
          ? desk.whole().read(prompt, all, priority, given)
          : readWhole(all, given);
    }
    return done.end()
        .handle((values, failure) -> failure == null ? read(values) : again(failure, all, given))
        .thenCompose(found -> found);
  }

  /** Feeds the rest; false if what was fed was no beginning of the answer and its tokens. */
  private boolean completes(String answer, long[] all) {
    if (text.length() > answer.length() || !answer.startsWith(text.toString())) {
      return false;
    }
    push(encoder.next(answer.substring(text.length())));
    if (follower != null) {
      push(encoder.finish());
    }
    return follower == null || Arrays.equals(ids, 0, count, all, 0, all.length);
  }

  private CompletableFuture<Reading> read(double[][] values) {
    desk.followed();
    AnswerReading all = desk.startReading();
    for (double[] token : values) {
      all.next(token);
    }
    all.said(desk.prompts().tokenizer(), Arrays.copyOf(ids, count));
    Reading found = all.reading(false);
    told.accept(all.soFar());
    told.accept(found);
    return CompletableFuture.completedFuture(found);
  }

  private CompletableFuture<Reading> again(Throwable failure, long[] all, BooleanSupplier given) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof Follower.Lapsed
        ? readWhole(all, given)
        : CompletableFuture.completedFuture(ReaderTap.unread(cause));
  }

  private CompletableFuture<Reading> readWhole(long[] all, BooleanSupplier given) {
    desk.readWhole();
    return desk.whole().read(prompt, all, priority, given);
  }
}
