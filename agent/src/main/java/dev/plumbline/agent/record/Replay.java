package dev.plumbline.agent.record;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.core.score.UnscoredReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;

/** Recorded exchanges, read again by a tap: some at once, so that it can batch; in their order. */
final class Replay {
  private static final int AT_ONCE = 64;

  private final Tap tap;

  Replay(Tap tap) {
    this.tap = tap;
  }

  /** One exchange, as it was and as it is read now. */
  record Line(RecordedExchange recorded, Reading now) {}

  /**
   * Reads them all.
   *
   * @param progress told how many are done
   */
  List<Line> run(List<RecordedExchange> exchanges, IntConsumer progress) {
    List<Line> lines = new ArrayList<>();
    Deque<CompletableFuture<Reading>> reading = new ArrayDeque<>();
    int next = 0;
    while (lines.size() < exchanges.size()) {
      while (next < exchanges.size() && reading.size() < AT_ONCE) {
        reading.add(start(exchanges.get(next++)));
      }
      lines.add(new Line(exchanges.get(lines.size()), end(reading.remove())));
      progress.accept(lines.size());
    }
    return lines;
  }

  private CompletableFuture<Reading> start(RecordedExchange exchange) {
    return exchange
        .text()
        .map(
            text ->
                tap.read(
                        new ExchangeText(
                            exchange.id(), exchange.model(), text.prompt(), text.answers()),
                        () -> false)
                    .toCompletableFuture())
        .orElseGet(
            () ->
                CompletableFuture.completedFuture(
                    Reading.unscored(UnscoredReason.NO_HIDDEN_STATES)));
  }

  private static Reading end(CompletableFuture<Reading> reading) {
    try {
      return reading.join();
    } catch (CompletionException e) {
      return Reading.unscored(UnscoredReason.TAP_ERROR);
    }
  }
}
