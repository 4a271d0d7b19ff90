package dev.plumbline.torch.serve;

import dev.plumbline.core.score.Priority;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Texts that wait to be read whole, and which of them go into the next pass: those that somebody
 * waits for first, each kind in its order, as many as the pass may take; what is merely observed
 * fills it up. A lone one goes at once, unless a delay lets it wait for company.
 *
 * <p>Bounded. At the bound the newest observed one makes room for an enforcing one. All under the
 * engine's monitor, but for {@link #read}, which is the engine thread's.
 */
final class Reads {
  private final ArrayDeque<ReadJob> enforcing = new ArrayDeque<>();
  private final ArrayDeque<ReadJob> observing = new ArrayDeque<>();
  private final int bound;
  private final long delayNanos;
  private final Device device;

  Reads(int bound, Duration delay, Device device) {
    this.bound = bound;
    this.delayNanos = delay.toNanos();
    this.device = device;
  }

  /**
   * Takes a text in.
   *
   * @return the one it displaced, to be told so outside the monitor
   * @throws Engine.QueueFullException if there is no room for it
   */
  Optional<ReadJob> add(ReadJob job) {
    boolean full = enforcing.size() + observing.size() >= bound;
    boolean displaces = job.priority() == Priority.ENFORCING && !observing.isEmpty();
    if (full && !displaces) {
      throw new Engine.QueueFullException(bound);
    }
    Optional<ReadJob> displaced = full ? Optional.of(observing.pollLast()) : Optional.empty();
    (job.priority() == Priority.ENFORCING ? enforcing : observing).add(job);
    return displaced;
  }

  boolean isEmpty() {
    return enforcing.isEmpty() && observing.isEmpty();
  }

  boolean hasEnforcing() {
    return !enforcing.isEmpty();
  }

  /** Nanoseconds until a pass is due: 0 for now, or while nothing waits. */
  long dueIn(long now) {
    if (delayNanos == 0 || isEmpty() || fillsAPass()) {
      return 0;
    }
    long oldest = Long.MIN_VALUE;
    for (ArrayDeque<ReadJob> queue : List.of(enforcing, observing)) {
      if (!queue.isEmpty()) {
        oldest = Math.max(oldest, now - queue.peek().queuedNanos());
      }
    }
    return Math.max(0, delayNanos - oldest);
  }

  private boolean fillsAPass() {
    long longest = 0;
    for (ReadJob job : observing) {
      longest = Math.max(longest, job.tokens().length);
    }
    for (ReadJob job : enforcing) {
      longest = Math.max(longest, job.tokens().length);
    }
    return longest * (enforcing.size() + observing.size()) >= device.limit();
  }

  /**
   * The texts of the next pass.
   *
   * @param gone receives those nobody waits for, to be told outside the monitor
   */
  List<ReadJob> take(List<ReadJob> gone) {
    List<ReadJob> texts = new ArrayList<>();
    long longest = 0;
    for (ArrayDeque<ReadJob> queue : List.of(enforcing, observing)) {
      while (!queue.isEmpty()) {
        if (queue.peek().abandoned().getAsBoolean()) {
          gone.add(queue.poll());
          continue;
        }
        longest = Math.max(longest, queue.peek().tokens().length);
        if (!texts.isEmpty() && (texts.size() + 1) * longest > device.limit()) {
          return texts;
        }
        texts.add(queue.poll());
      }
    }
    return texts;
  }

  /** Empties the queue. */
  List<ReadJob> takeAll() {
    List<ReadJob> all = new ArrayList<>(enforcing);
    all.addAll(observing);
    enforcing.clear();
    observing.clear();
    return all;
  }

  static void cancel(List<ReadJob> gone) {
    gone.forEach(
        job ->
            job.result()
                .completeExceptionally(new CancellationException("nobody waits for this text")));
  }

  /** Tells texts that they are not read because the device is failing. */
  void refuse(List<ReadJob> texts) {
    texts.forEach(job -> job.result().completeExceptionally(device.refusal()));
  }

  /**
   * Reads texts in one pass, or in halves where that does not fit in memory. Engine thread.
   *
   * @param pass reads, throws {@link DeviceException}
   * @param evict frees what is kept for later; whether there was anything
   */
  void read(
      List<ReadJob> texts, Consumer<List<ReadJob>> pass, java.util.function.BooleanSupplier evict) {
    if (device.failing()) {
      refuse(texts);
      return;
    }
    try {
      pass.accept(texts);
    } catch (DeviceException e) {
      if (!e.outOfMemory()) {
        fail(texts, e);
      } else if (texts.size() > 1) {
        int half = texts.size() / 2;
        read(texts.subList(0, half), pass, evict);
        read(texts.subList(half, texts.size()), pass, evict);
      } else if (evict.getAsBoolean()) {
        read(texts, pass, evict);
      } else {
        device.gaveUp(texts.get(0).tokens().length);
        fail(texts, e);
      }
    } catch (RuntimeException | Error e) {
      // Not the device's: without this the engine's thread, and all who wait, would end here.
      fail(texts, e);
    }
  }

  private static void fail(List<ReadJob> texts, Throwable cause) {
    texts.forEach(job -> job.result().completeExceptionally(cause));
  }
}
