package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.FollowUse;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import dev.plumbline.torch.serve.DeviceException;
import dev.plumbline.torch.serve.Engine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Reads prompt and answer, while they pass or afterwards, with the agent's own copy of the aligned
 * reference. Any origin, any stream; says nothing of the origin's weights, so there is no model
 * shift.
 */
final class ReaderTap implements Tap {
  private final Engine engine;
  private final Prompts prompts;
  private final Directions directions;
  private final int lead;
  private final AutoCloseable owned;
  private final FollowDesk desk;

  ReaderTap(Engine engine, Prompts prompts, Directions directions, AutoCloseable owned) {
    this.engine = engine;
    this.prompts = prompts;
    this.directions = directions;
    this.lead = directions.lead();
    this.owned = owned;
    this.desk = new FollowDesk(engine, prompts, directions, this);
  }

  @Override
  public CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned) {
    long[] prompt;
    try {
      prompt = prompts.encode(exchange.prompt());
    } catch (IllegalArgumentException e) {
      return done(UnscoredReason.UNPARSEABLE);
    }
    List<CompletableFuture<Reading>> readings = new ArrayList<>();
    for (String answer : exchange.answers()) {
      readings.add(read(prompt, prompts.answer(answer), exchange.priority(), abandoned));
    }
    return CompletableFuture.allOf(readings.toArray(CompletableFuture[]::new))
        .thenApply(all -> worst(readings).asked(exchange.prompt()));
  }

  @Override
  public boolean follows() {
    return true;
  }

  @Override
  public Optional<Following> follow(String exchangeId, Prompt prompt) {
    return follow(exchangeId, prompt, Priority.OBSERVING);
  }

  @Override
  public Optional<Following> follow(String exchangeId, Prompt prompt, Priority priority) {
    return Optional.of(desk.open(prompt, priority));
  }

  @Override
  public FollowUse followUse() {
    return desk.use();
  }

  /** Reads one answer in one pass. */
  CompletableFuture<Reading> read(
      long[] prompt, long[] answer, Priority priority, BooleanSupplier abandoned) {
    if (answer.length == 0 || prompt.length < lead) {
      return done(UnscoredReason.NO_HIDDEN_STATES);
    }
    if (prompt.length + answer.length > engine.positions()) {
      return done(UnscoredReason.TOO_LONG);
    }
    long[] all = java.util.Arrays.copyOf(prompt, prompt.length + answer.length);
    System.arraycopy(answer, 0, all, prompt.length, answer.length);
    try {
      return engine
          .read(all, prompt.length - lead, Optional.empty(), priority, abandoned)
          .handle((values, failure) -> failure == null ? reading(values, answer) : unread(failure));
    } catch (Engine.QueueFullException e) {
      return done(UnscoredReason.QUEUE_FULL);
    }
  }

  /** What the engine's failure to read means; one that is not foreseen is thrown again. */
  static Reading unread(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof DeviceException) {
      return Reading.unscored(UnscoredReason.DEVICE_ERROR);
    }
    if (cause instanceof Engine.QueueFullException) {
      return Reading.unscored(UnscoredReason.QUEUE_FULL);
    }
    if (cause instanceof CancellationException) {
      return Reading.unscored(UnscoredReason.DEADLINE_PASSED);
    }
    throw new CompletionException(cause);
  }

  private Reading reading(double[][] readouts, long[] answer) {
    AnswerReading reading = new AnswerReading(directions);
    for (double[] token : readouts) {
      reading.next(token);
    }
    reading.said(prompts.tokenizer(), answer);
    return reading.reading(false);
  }

  /** The reading of the worst of several choices, all read. */
  static Reading worst(List<CompletableFuture<Reading>> readings) {
    List<Reading> all = readings.stream().map(CompletableFuture::join).toList();
    Verdict worst = Verdict.worst(all.stream().map(Reading::verdict).toList());
    return all.stream()
        .filter(reading -> reading.verdict().equals(worst))
        .min(Comparator.comparing(Reading::tokensScored))
        .orElseThrow()
        .with(Reading.worstOfEach(all));
  }

  private static CompletableFuture<Reading> done(UnscoredReason reason) {
    return CompletableFuture.completedFuture(Reading.unscored(reason));
  }

  @Override
  public void close() {
    desk.close();
    engine.close();
    try {
      owned.close();
    } catch (Exception e) {
      throw new IllegalStateException("the tokenizer could not be closed", e);
    }
  }
}
