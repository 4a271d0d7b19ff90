package dev.plumbline.learn.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Work on many things by a few threads: one result for each, in their order, or the first failure.
 * Nothing is left out: a thread that throws fails the whole.
 */
public final class Parallel {
  private Parallel() {}

  /**
   * @param threads most at once
   * @param done told each result as it comes, by the worker; must be safe for several threads
   */
  public static <A, B> List<B> map(
      List<A> things, int threads, Function<A, B> work, Consumer<B> done) {
    ExecutorService workers = Executors.newFixedThreadPool(Math.max(1, threads));
    try {
      List<Future<B>> waiting = new ArrayList<>();
      for (A thing : things) {
        waiting.add(
            workers.submit(
                () -> {
                  B result = work.apply(thing);
                  done.accept(result);
                  return result;
                }));
      }
      List<B> results = new ArrayList<>();
      for (Future<B> each : waiting) {
        results.add(each.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for answers", e);
    } finally {
      workers.shutdownNow();
    }
  }
}
