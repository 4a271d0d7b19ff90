package dev.plumbline.agent;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.UnscoredReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A tap that follows, and finds a text drifted when its predicate does; at once. */
final class JudgingTap implements Tap {
  private final Predicate<String> underWay;
  private final Predicate<String> whole;
  private final boolean silent;
  final AtomicInteger open = new AtomicInteger();
  final List<Prompt> prompts = new CopyOnWriteArrayList<>();

  private JudgingTap(Predicate<String> underWay, Predicate<String> whole, boolean silent) {
    this.underWay = underWay;
    this.whole = whole;
    this.silent = silent;
  }

  /** Drifted as soon as the text has the word. */
  static JudgingTap of(String word) {
    return new JudgingTap(t -> t.contains(word), t -> t.contains(word), false);
  }

  /** Nothing is known before the end. */
  static JudgingTap atTheEnd(String word) {
    return new JudgingTap(t -> false, t -> t.contains(word), false);
  }

  /** Drifted under way as the predicate says, and aligned in the end. */
  static JudgingTap when(Predicate<String> underWay) {
    return new JudgingTap(underWay, t -> false, false);
  }

  /** Never judges anything. */
  static JudgingTap mute() {
    return new JudgingTap(t -> false, t -> false, true);
  }

  @Override
  public boolean follows() {
    return true;
  }

  @Override
  public Optional<Following> follow(String exchangeId, Prompt prompt) {
    prompts.add(prompt);
    open.incrementAndGet();
    return Optional.of(new Followed());
  }

  @Override
  public CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned) {
    boolean drifted = exchange.answers().stream().anyMatch(whole);
    return CompletableFuture.completedFuture(
        silent
            ? Reading.unscored(UnscoredReason.DEVICE_ERROR)
            : ScriptedTap.reading(drifted ? 0.9 : 0.1));
  }

  @Override
  public void close() {
    // Nothing to free.
  }

  private final class Followed implements Following {
    private final Map<Integer, String> texts = new ConcurrentSkipListMap<>();
    private boolean over;

    @Override
    public void feed(int choice, String text) {
      texts.merge(choice, text, String::concat);
    }

    @Override
    public List<Prefix> prefixes() {
      List<Prefix> known = new ArrayList<>();
      if (!silent) {
        texts.forEach(
            (choice, text) ->
                known.add(
                    new Prefix(
                        choice,
                        text.length(),
                        ScriptedTap.reading(underWay.test(text) ? 0.9 : 0.1))));
      }
      return known;
    }

    @Override
    public Reading soFar() {
      return ScriptedTap.reading(0.1);
    }

    @Override
    public CompletionStage<Reading> end(ExchangeText exchange, BooleanSupplier abandoned) {
      abandon();
      return read(exchange, abandoned);
    }

    @Override
    public synchronized void abandon() {
      if (!over) {
        over = true;
        open.decrementAndGet();
      }
    }
  }
}
