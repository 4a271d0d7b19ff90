package dev.plumbline.agent;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.core.score.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A tap that finds what its script says, and remembers what it was shown. */
final class ScriptedTap implements Tap {
  final List<ExchangeText> seen = new CopyOnWriteArrayList<>();
  private final Function<ExchangeText, CompletionStage<Reading>> script;

  ScriptedTap(Function<ExchangeText, CompletionStage<Reading>> script) {
    this.script = script;
  }

  /** Drifted when the answer says so. */
  static ScriptedTap judging() {
    return new ScriptedTap(
        text ->
            CompletableFuture.completedFuture(
                reading(text.answers().get(0).contains("evil") ? 0.9 : 0.1)));
  }

  /** Never comes to an end. */
  static ScriptedTap hanging() {
    return new ScriptedTap(text -> new CompletableFuture<>());
  }

  static Reading reading(double score) {
    return new Reading(
        Verdict.of(score, 0.5),
        OptionalDouble.of(score),
        OptionalDouble.empty(),
        3,
        Optional.of("lean"),
        Duration.ofMillis(1));
  }

  @Override
  public CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned) {
    seen.add(exchange);
    return script.apply(exchange);
  }

  @Override
  public void close() {
    // Nothing to free.
  }
}
