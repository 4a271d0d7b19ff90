package dev.plumbline.agent.record;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.FollowUse;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * A tap whose exchanges are recorded with what it found. Without a tap inside, every exchange is
 * unscored, and recorded all the same. Does not own the recorder.
 */
public final class RecordingTap implements Tap {
  private final Optional<Tap> inner;
  private final Recorder recorder;
  private final boolean withText;
  private final UnscoredReason without;

  /**
   * @param inner reads, if there is one; owned
   * @param withText whether prompts and answers are kept
   * @param without why an exchange is unscored when nothing reads it
   */
  public RecordingTap(
      Optional<Tap> inner, Recorder recorder, boolean withText, UnscoredReason without) {
    this.without = without;
    this.inner = inner;
    this.recorder = recorder;
    this.withText = withText;
  }

  @Override
  public CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned) {
    CompletionStage<Reading> reading =
        inner
            .map(tap -> tap.read(exchange, abandoned))
            .orElseGet(() -> CompletableFuture.completedFuture(Reading.unscored(without)));
    return kept(exchange, reading);
  }

  @Override
  public boolean records() {
    return true;
  }

  @Override
  public void readElsewhere(ExchangeText exchange, Reading reading) {
    recorder.keep(RecordedExchange.of(exchange, reading, withText));
  }

  private CompletionStage<Reading> kept(ExchangeText exchange, CompletionStage<Reading> reading) {
    return reading.whenComplete(
        (found, failure) ->
            recorder.keep(
                RecordedExchange.of(
                    exchange,
                    failure == null ? found : Reading.unscored(UnscoredReason.TAP_ERROR),
                    withText)));
  }

  @Override
  public boolean follows() {
    return inner.map(Tap::follows).orElse(false);
  }

  @Override
  public Optional<Following> follow(String exchangeId, Prompt prompt) {
    return follow(exchangeId, prompt, Priority.OBSERVING);
  }

  @Override
  public Optional<Following> follow(String exchangeId, Prompt prompt, Priority priority) {
    return inner.flatMap(tap -> tap.follow(exchangeId, prompt, priority)).map(Recorded::new);
  }

  @Override
  public FollowUse followUse() {
    return inner.map(Tap::followUse).orElse(FollowUse.NONE);
  }

  /** Follows as the tap inside does; recorded at its end. */
  private final class Recorded implements Following {
    private final Following followed;

    Recorded(Following followed) {
      this.followed = followed;
    }

    @Override
    public void feed(int choice, String text) {
      followed.feed(choice, text);
    }

    @Override
    public void scores(DoubleConsumer told) {
      followed.scores(told);
    }

    @Override
    public List<Prefix> prefixes() {
      return followed.prefixes();
    }

    @Override
    public void hurry() {
      followed.hurry();
    }

    @Override
    public Reading soFar() {
      return followed.soFar();
    }

    @Override
    public CompletionStage<Reading> end(ExchangeText whole, BooleanSupplier abandoned) {
      return kept(whole, followed.end(whole, abandoned));
    }

    @Override
    public void abandon() {
      followed.abandon();
    }
  }

  @Override
  public void close() {
    inner.ifPresent(Tap::close);
  }
}
