package dev.plumbline.agent.fleet.hazelcast;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * What the members are asked: all at once, with one deadline for all. One that does not answer in
 * time is late, and is asked nothing more before its question has come to an end; what it says then
 * is of the past and is dropped. So a member that hangs costs one deadline a question, however
 * often it is asked for, and one open question. Not thread-safe.
 *
 * @param <T> of answers
 */
final class Questions<T> {
  private final Duration deadline;
  private final Map<String, CompletableFuture<T>> open = new HashMap<>();

  /**
   * What came of a question: an answer, nothing (no answer is kept there) or a failure.
   *
   * @param failure empty for an answer, or for nothing
   */
  record Outcome<T>(Optional<T> answer, Optional<Throwable> failure) {}

  Questions(Duration deadline) {
    this.deadline = deadline;
  }

  /**
   * Asks, and waits.
   *
   * @param question begins one; does not wait
   * @return by member, in their order; those that are late are missing
   * @throws InterruptedException when the waiting was interrupted
   */
  Map<String, Outcome<T>> ask(
      Collection<String> members, Function<String, CompletionStage<T>> question)
      throws InterruptedException {
    open.keySet().retainAll(members);
    open.values().removeIf(Future::isDone);
    Map<String, CompletableFuture<T>> asked = new LinkedHashMap<>();
    for (String member : members) {
      if (!open.containsKey(member)) {
        asked.put(member, begun(question, member));
      }
    }
    open.putAll(asked);
    Map<String, Outcome<T>> outcomes = new LinkedHashMap<>();
    long end = System.nanoTime() + deadline.toNanos();
    for (Map.Entry<String, CompletableFuture<T>> each : asked.entrySet()) {
      outcome(each.getValue(), end - System.nanoTime())
          .ifPresent(outcome -> outcomes.put(each.getKey(), outcome));
    }
    return outcomes;
  }

  private static <T> CompletableFuture<T> begun(
      Function<String, CompletionStage<T>> question, String member) {
    try {
      return question.apply(member).toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Empty for late. One after the other: Hazelcast's futures cannot be waited for together. */
  private static <T> Optional<Outcome<T>> outcome(CompletableFuture<T> answer, long nanos)
      throws InterruptedException {
    try {
      T found = answer.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
      return Optional.of(new Outcome<>(Optional.ofNullable(found), Optional.empty()));
    } catch (TimeoutException late) {
      return Optional.empty();
    } catch (ExecutionException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      return Optional.of(new Outcome<>(Optional.empty(), Optional.of(why)));
    } catch (CancellationException e) {
      return Optional.of(new Outcome<>(Optional.empty(), Optional.of(e)));
    }
  }
}
