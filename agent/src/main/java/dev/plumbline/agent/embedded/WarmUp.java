package dev.plumbline.agent.embedded;

import dev.plumbline.core.score.Priority;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Receipt;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.serve.Engine;
import dev.plumbline.torch.serve.Follower;
import dev.plumbline.torch.serve.GenerationJob;
import dev.plumbline.torch.serve.GenerationListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * Runs each kind of pass a few times before anybody is served, so that the first exchange pays for
 * no compilation: libtorch compiles a program as it sees it run, and CUDA loads its kernels. Every
 * kind runs once; more rounds follow while it takes no longer than a few seconds.
 *
 * <p>Rounds use tokens of their own, so no follower finds another's beginning and skips its pass.
 */
final class WarmUp {
  /** The profiling executor compiles at the second run and may do so again at the third. */
  private static final int ROUNDS = 3;

  private static final int TEXTS = 3;
  private static final int LONGEST = 128;
  private static final long ENOUGH_NANOS = 10_000_000_000L;
  private static final int ANSWER = 24;

  private final Engine engine;
  private final int longest;

  private WarmUp(Engine engine) {
    this.engine = engine;
    this.longest = Math.min(LONGEST, engine.positions());
  }

  /** Reads whole texts, alone and together, and follows some. */
  static void reading(Engine engine) {
    WarmUp all = new WarmUp(engine);
    rounds(
        round -> {
          all.read(4);
          all.read(all.longest);
          all.readTogether();
          all.follow(round);
        });
    engine.forget();
  }

  private static void rounds(IntConsumer each) {
    long start = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      if (round == 0 || System.nanoTime() - start < ENOUGH_NANOS) {
        each.accept(round);
      }
    }
  }

  /** Generates, bare and with each plan, each with the reference beside it. */
  static void generating(Engine engine, List<InterventionPlan> plans) {
    rounds(
        round -> {
          generate(engine, InterventionPlan.none(), false);
          plans.forEach(plan -> generate(engine, plan, true));
        });
  }

  private void read(int tokens) {
    engine.read(new long[tokens], 0, Optional.empty()).join();
  }

  private void readTogether() {
    List<CompletableFuture<double[][]>> results = new ArrayList<>();
    for (int i = 1; i <= TEXTS; i++) {
      results.add(engine.read(new long[longest / i], 0, Optional.empty()));
    }
    results.forEach(CompletableFuture::join);
  }

  private void follow(int round) {
    List<Follower> followers = new ArrayList<>();
    int prompt = Math.min(longest / 2, 32);
    for (int i = 0; i < TEXTS; i++) {
      long[] text = new long[prompt + i];
      Arrays.fill(text, round * TEXTS + i);
      followers.add(engine.follow(text, text.length, Priority.ENFORCING));
    }
    long[] answer = new long[Math.min(ANSWER, longest / 4)];
    followers.forEach(follower -> follower.feed(answer));
    List<CompletableFuture<double[][]>> results = followers.stream().map(Follower::end).toList();
    results.forEach(CompletableFuture::join);
  }

  private static void generate(Engine engine, InterventionPlan plan, boolean reference) {
    Listener listener = new Listener();
    engine.generate(
        new GenerationJob(
            new long[4], 4, Sampling.GREEDY, Set.of(), Optional.empty(), plan, reference),
        listener);
    listener.over.join();
  }

  private static final class Listener implements GenerationListener {
    final CompletableFuture<Void> over = new CompletableFuture<>();

    @Override
    public boolean token(long id) {
      return true;
    }

    @Override
    public void readouts(double[] serving, double[] reference) {
      // Only that they are computed matters.
    }

    @Override
    public void ended(Ending ending, Receipt receipt) {
      over.complete(null);
    }

    @Override
    public void failed(RuntimeException cause) {
      over.completeExceptionally(cause);
    }
  }
}
