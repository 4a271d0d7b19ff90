package dev.plumbline.agent;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Prompt;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A tap that finds the next stream drifted once its text is so long, and whatever follows not. */
final class TurningTap implements Tap {
  private static final int NEVER = Integer.MAX_VALUE;

  private final JudgingTap calm = JudgingTap.when(text -> false);
  private final AtomicInteger armed = new AtomicInteger(NEVER);

  /** The next stream turns once it has so many UTF-16 units. */
  void arm(int units) {
    armed.set(units);
  }

  @Override
  public boolean follows() {
    return true;
  }

  @Override
  public Optional<Following> follow(String exchangeId, Prompt prompt) {
    int units = armed.getAndSet(NEVER);
    return JudgingTap.when(text -> text.length() >= units).follow(exchangeId, prompt);
  }

  @Override
  public CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned) {
    return calm.read(exchange, abandoned);
  }

  @Override
  public void close() {
    // Nothing to free.
  }
}
