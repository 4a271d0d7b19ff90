package dev.plumbline.agent;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Prompt;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/** A tap that follows one exchange and notes what it is told: 0.8 under way, 0.7 at the end. */
final class FollowingTap implements Tap, Following {
  final List<String> fed = new CopyOnWriteArrayList<>();
  private volatile DoubleConsumer told = score -> {};

  @Override
  public boolean follows() {
    return true;
  }

  @Override
  public Optional<Following> follow(String exchangeId, Prompt prompt) {
    fed.add(((Prompt.Chat) prompt).messages().get(0).content());
    return Optional.of(this);
  }

  @Override
  public void scores(DoubleConsumer to) {
    told = to;
  }

  @Override
  public void feed(int choice, String text) {
    fed.add(text);
    told.accept(0.8);
    told.accept(0.3);
  }

  @Override
  public Reading soFar() {
    return ScriptedTap.reading(0.6);
  }

  @Override
  public CompletionStage<Reading> end(ExchangeText whole, BooleanSupplier abandoned) {
    fed.add("end: " + whole.answers().get(0));
    return CompletableFuture.completedFuture(ScriptedTap.reading(0.7));
  }

  @Override
  public CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned) {
    throw new AssertionError("it was to be followed");
  }

  @Override
  public void abandon() {
    // Nothing is held.
  }

  @Override
  public void close() {
    // Nothing to free.
  }
}
