package dev.plumbline.torch.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.Priority;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TinyModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A device that fails costs the readings it must, and nothing else. */
class DeviceFailureTest {
  private static final double BOUND = 1e-5;
  private static final Breaker.Settings QUICK =
      new Breaker.Settings(3, Duration.ofMillis(20), Duration.ofMillis(100));
  private static final Breaker.Settings SLOW =
      new Breaker.Settings(3, Duration.ofHours(1), Duration.ofHours(1));

  private volatile Device.Hook hook = Device.Hook.NONE;

  static EngineException outOfMemory() {
    return new EngineException(
        "The following operation failed in the TorchScript interpreter.\n"
            + "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB.");
  }

  /** More than an address space holds: the allocator itself speaks, whatever the machine has. */
  @Test
  void outOfMemory_asTheRealAllocatorSaysIt_isRecognised() {
    try (Decoder decoder = decoder()) {
      assertThatThrownBy(() -> decoder.cache(new long[1 << 12], 1 << 30))
          .satisfies(thrown -> assertThat(DeviceException.of(thrown).outOfMemory()).isTrue());
    }
    assertThat(DeviceException.of(outOfMemory()).outOfMemory()).isTrue();
    assertThat(DeviceException.of(new EngineException("CUDA error: assert")).outOfMemory())
        .isFalse();
  }

  @Test
  void read_batchThatDoesNotFit_isHalvedUntilItDoes() {
    List<long[]> texts = texts(8, 20);
    try (Engine engine = engine(QUICK)) {
      List<double[][]> wanted = texts.stream().map(text -> once(engine, text)).toList();
      List<CompletableFuture<double[][]>> found =
          held(
              engine,
              texts,
              (rows, columns) -> {
                if (rows * columns > 45) {
                  throw outOfMemory();
                }
              });
      for (int i = 0; i < texts.size(); i++) {
        near(get(found.get(i)), wanted.get(i));
      }
      assertThat(engine.deviceUse().outOfMemory()).isEqualTo(3);
      assertThat(engine.deviceUse().limitTokens()).isEqualTo(BatchLimit.LEAST);
      assertThat(engine.deviceUse().opened()).isZero();
      hook = Device.Hook.NONE;
      for (int i = 0; i < 2 * BatchLimit.GOOD_PASSES; i++) {
        once(engine, texts.get(0));
      }
      assertThat(engine.deviceUse().limitTokens()).isEqualTo(engine.deviceUse().boundTokens());
    }
  }

  @Test
  void read_oneTextThatNeverFits_failsAloneAfterKeptCachesWent() {
    long[] text = texts(1, 40).get(0);
    try (Engine engine = engine(QUICK)) {
      follow(engine, texts(1, 30).get(0), 20);
      assertThat(engine.cacheUse().keptTokens()).isEqualTo(30);
      hook =
          (rows, columns) -> {
            if (columns > 35) {
              throw new OutOfMemoryError("Direct buffer memory");
            }
          };
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> get(engine.read(text, 0, Optional.empty())))
            .hasCauseInstanceOf(DeviceException.class);
        assertThat(once(engine, Arrays.copyOf(text, 20))).hasDimensions(20, 1);
      }
      assertThat(engine.cacheUse().keptTokens()).isZero();
      assertThat(engine.cacheUse().evictions()).isEqualTo(1);
      assertThat(engine.deviceUse().outOfMemory()).isEqualTo(6);
      assertThat(engine.deviceUse().opened()).as("its own fault").isZero();
    }
  }

  @Test
  void read_failuresInARow_openTheBreakerAndATrialClosesIt() {
    long[] text = texts(1, 10).get(0);
    AtomicInteger passes = new AtomicInteger();
    try (Engine engine = engine(QUICK)) {
      double[][] wanted = once(engine, text);
      hook =
          (rows, columns) -> {
            passes.incrementAndGet();
            throw new EngineException("CUDA error: an illegal memory access was encountered");
          };
      while (!engine.deviceUse().failing()) {
        assertThatThrownBy(() -> once(engine, text)).hasCauseInstanceOf(DeviceException.class);
      }
      assertThat(engine.deviceUse().opened()).isEqualTo(1);
      while (passes.get() < 6) {
        Thread.onSpinWait();
      }
      assertThat(engine.deviceUse().failing()).as("trials fail too").isTrue();
      hook = Device.Hook.NONE;
      while (engine.deviceUse().failing()) {
        Thread.onSpinWait();
      }
      near(once(engine, text), wanted);
      assertThat(engine.deviceUse().opened()).isEqualTo(1);
    }
  }

  @Test
  void everything_whileOpen_isRefusedAtOnceWithoutAPass() {
    long[] text = texts(1, 10).get(0);
    AtomicInteger passes = new AtomicInteger();
    try (Engine engine = engine(SLOW)) {
      Follower live = engine.follow(Arrays.copyOf(text, 5));
      hook =
          (rows, columns) -> {
            passes.incrementAndGet();
            throw new EngineException("device-side assert triggered");
          };
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> once(engine, text)).hasMessageContaining("assert");
      }
      int tried = passes.get();
      assertThat(tried).isLessThanOrEqualTo(4);
      assertThatThrownBy(() -> once(engine, text)).hasMessageContaining("assert triggered");
      assertThatThrownBy(() -> engine.follow(text)).isInstanceOf(DeviceException.class);
      live.feed(new long[] {1, 2});
      assertThatThrownBy(() -> get(live.end())).hasCauseInstanceOf(DeviceException.class);
      assertThat(passes).hasValue(tried);
      assertThat(engine.deviceUse().refused()).isGreaterThanOrEqualTo(2);
      assertThat(EngineTest.start(engine, EngineTest.job(text, 5)).text()).hasSize(5);
    }
  }

  @Test
  void follow_passThatDoesNotFit_isHalvedAndReadsTheSame() {
    List<long[]> texts = texts(6, 60);
    try (Engine engine = engine(QUICK)) {
      List<double[][]> wanted = texts.stream().map(text -> once(engine, text)).toList();
      hook =
          (rows, columns) -> {
            if (rows * columns > 22) {
              throw outOfMemory();
            }
          };
      List<Follower> followers =
          texts.stream().map(text -> engine.follow(Arrays.copyOf(text, 40))).toList();
      for (int i = 0; i < texts.size(); i++) {
        followers.get(i).feed(Arrays.copyOfRange(texts.get(i), 40, 60));
      }
      for (int i = 0; i < texts.size(); i++) {
        near(get(followers.get(i).end()), Arrays.copyOfRange(wanted.get(i), 40, 60));
      }
      assertThat(engine.deviceUse().outOfMemory()).isPositive();
      assertThat(engine.cacheUse().lapses()).isZero();
      assertThat(engine.cacheUse().liveTokens()).isZero();
    }
  }

  @Test
  void follow_withoutAnyMemory_lapsesAndLeavesNothing() {
    List<long[]> texts = texts(3, 60);
    try (Engine engine = engine(SLOW)) {
      once(engine, texts.get(0));
      hook =
          (rows, columns) -> {
            throw outOfMemory();
          };
      List<Follower> followers = texts.stream().map(engine::follow).toList();
      for (Follower follower : followers) {
        assertThatThrownBy(() -> get(follower.end()))
            .cause()
            .isInstanceOfAny(Follower.Lapsed.class, DeviceException.class);
      }
      assertThat(engine.cacheUse().liveTokens()).isZero();
      assertThat(engine.cacheUse().lapses()).isPositive();
    }
  }

  @Test
  void enforcing_atTheBound_displacesTheNewestObservedAndIsReadFirst() {
    long[] text = texts(1, 10).get(0);
    List<String> order = new ArrayList<>();
    try (Engine engine =
        new Engine(decoder(), readouts(), new Engine.Limits(8, 3, 10), QUICK, this::hooked)) {
      CountDownLatch held = hold(engine);
      List<CompletableFuture<double[][]>> observed = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        observed.add(read(engine, text, Priority.OBSERVING, "o" + i, order));
      }
      assertThatThrownBy(() -> read(engine, text, Priority.OBSERVING, "o3", order))
          .isInstanceOf(Engine.QueueFullException.class);
      var first = read(engine, text, Priority.ENFORCING, "e0", order);
      assertThatThrownBy(() -> get(observed.get(2)))
          .hasCauseInstanceOf(Engine.QueueFullException.class);
      var second = read(engine, text, Priority.ENFORCING, "e1", order);
      held.countDown();
      get(first);
      get(second);
      get(observed.get(0));
      assertThat(order).containsExactly("e0", "e1", "o0");
    }
  }

  @Test
  void abandoned_beforeItsPass_isNotRead() {
    long[] text = texts(1, 10).get(0);
    AtomicInteger passes = new AtomicInteger();
    try (Engine engine = engine(QUICK)) {
      CountDownLatch held = hold(engine);
      var gone = engine.read(text, 0, Optional.empty(), Priority.OBSERVING, () -> true);
      hook = (rows, columns) -> passes.incrementAndGet();
      held.countDown();
      assertThatThrownBy(() -> get(gone)).isInstanceOf(CancellationException.class);
      assertThat(passes).hasValue(0);
    }
  }

  @Test
  void follow_enforcing_isReadBeforeObserved() {
    List<long[]> texts = texts(4, 50);
    List<Integer> columns = new ArrayList<>();
    Engine.Limits limits = new Engine.Limits(8, 64, 50, 1 << 20);
    try (Engine engine = new Engine(decoder(), readouts(), limits, QUICK, this::hooked)) {
      CountDownLatch held = hold(engine);
      for (int i = 0; i < 3; i++) {
        engine.follow(Arrays.copyOf(texts.get(i), 30 + i), 30, Priority.OBSERVING);
      }
      Follower waited = engine.follow(Arrays.copyOf(texts.get(3), 45), 45, Priority.ENFORCING);
      hook = (rows, t) -> columns.add(t);
      held.countDown();
      get(waited.end());
      assertThat(columns).first().isEqualTo(45);
    }
  }

  @Test
  void delay_loneRead_waitsForCompanyAndAFullPassDoesNot() {
    List<long[]> texts = texts(4, 10);
    AtomicInteger passes = new AtomicInteger();
    Engine.Limits limits = new Engine.Limits(8, 64, 40, 1 << 20, Duration.ofHours(1));
    try (Engine engine = new Engine(decoder(), readouts(), limits, QUICK, this::hooked)) {
      hook = (rows, t) -> passes.incrementAndGet();
      List<CompletableFuture<double[][]>> found =
          texts.stream().map(text -> engine.read(text, 0, Optional.empty())).toList();
      found.forEach(DeviceFailureTest::get);
      assertThat(passes).hasValue(1);
      assertThat(engine.deviceUse().rows()).isEqualTo(4);
      assertThat(engine.deviceUse().tokens()).isEqualTo(40);
    }
    Engine.Limits brief = new Engine.Limits(8, 64, 40, 1 << 20, Duration.ofMillis(5));
    try (Engine engine = new Engine(decoder(), readouts(), brief, QUICK, this::hooked)) {
      assertThat(once(engine, texts.get(0))).hasDimensions(10, 1);
    }
  }

  /** Any pass may fail, for any reason: all are answered, rightly or with the failure. */
  @Test
  void faults_atRandom_leaveNothingBehind() {
    Random random = new Random(7);
    Decoder decoder = decoder();
    try (Engine engine =
        new Engine(
            decoder, readouts(), new Engine.Limits(8, 256, 128, 1 << 16), QUICK, this::hooked)) {
      once(engine, texts(1, 10).get(0));
      int before = TinyModel.arrays(decoder);
      int answered = 0;
      for (int round = 0; round < 12; round++) {
        Device.Hook faults = faults(new Random(round));
        hook = faults;
        answered += mixed(engine, random);
        hook = Device.Hook.NONE;
        while (engine.deviceUse().failing()) {
          Thread.onSpinWait();
        }
        assertThat(engine.cacheUse().liveTokens()).isZero();
      }
      assertThat(answered).isEqualTo(12 * 20);
      engine.read(texts(1, 12).get(0), 0, Optional.empty()).join();
      assertThat(decoder.openPasses()).isZero();
      assertThat(engine.deviceUse().outOfMemory()).isPositive();
      assertThat(engine.deviceUse().otherFailures()).isPositive();
      long kept = engine.cacheUse().keptTokens();
      if (kept == 0) {
        assertThat(TinyModel.arrays(decoder)).isEqualTo(before);
      }
    }
  }

  private static Device.Hook faults(Random random) {
    return (rows, columns) -> {
      int dice = random.nextInt(10);
      if (dice < 3 && rows * columns > 8) {
        throw outOfMemory();
      } else if (dice == 9) {
        throw new EngineException("CUDA error: unspecified launch failure");
      }
    };
  }

  private int mixed(Engine engine, Random random) {
    List<CompletableFuture<double[][]>> results = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long[] text = TinyModel.tokens(20 + random.nextInt(40), 50, random.nextInt());
      try {
        if (random.nextBoolean()) {
          results.add(engine.read(text, 0, Optional.empty()));
        } else {
          Follower follower = engine.follow(Arrays.copyOf(text, 10));
          follower.feed(Arrays.copyOfRange(text, 10, text.length));
          results.add(follower.end());
        }
      } catch (DeviceException e) {
        results.add(CompletableFuture.failedFuture(e));
      }
    }
    results.forEach(
        result -> result.handle((found, failure) -> 0).orTimeout(60, TimeUnit.SECONDS).join());
    return results.size();
  }

  private CountDownLatch hold(Engine engine) {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    hook =
        (rows, columns) -> {
          begun.countDown();
          await(held);
        };
    engine.read(new long[] {1}, 0, Optional.empty());
    await(begun);
    hook = Device.Hook.NONE;
    return held;
  }

  /** Reads texts that all wait when the device becomes free. */
  private List<CompletableFuture<double[][]>> held(
      Engine engine, List<long[]> texts, Device.Hook then) {
    CountDownLatch held = hold(engine);
    List<CompletableFuture<double[][]>> found =
        texts.stream().map(text -> engine.read(text, 0, Optional.empty())).toList();
    hook = then;
    held.countDown();
    return found;
  }

  private static CompletableFuture<double[][]> read(
      Engine engine, long[] text, Priority priority, String name, List<String> order) {
    CompletableFuture<double[][]> result =
        engine.read(text, 0, Optional.empty(), priority, () -> false);
    result.thenAccept(
        values -> {
          synchronized (order) {
            order.add(name);
          }
        });
    return result;
  }

  private static void follow(Engine engine, long[] text, int prompt) {
    Follower follower = engine.follow(Arrays.copyOf(text, prompt));
    follower.feed(Arrays.copyOfRange(text, prompt, text.length));
    get(follower.end());
  }

  private static List<long[]> texts(int count, int tokens) {
    List<long[]> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(TinyModel.tokens(tokens, 50, 100 + i));
    }
    return texts;
  }

  private static double[][] once(Engine engine, long[] text) {
    return get(engine.read(text, 0, Optional.empty()));
  }

  private static double[][] get(CompletableFuture<double[][]> result) {
    return result.orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static void near(double[][] found, double[][] wanted) {
    assertThat(found.length).isEqualTo(wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(found[i]).containsExactly(wanted[i], within(BOUND));
    }
  }

  private void hooked(int rows, int columns) {
    hook.before(rows, columns);
  }

  private Engine engine(Breaker.Settings breaker) {
    return new Engine(
        decoder(), readouts(), new Engine.Limits(8, 64, 512, 1 << 20), breaker, this::hooked);
  }

  private static Decoder decoder() {
    return TinyModel.decoder("llama_tied", Precision.FLOAT32);
  }

  private static List<Readout> readouts() {
    return List.of(Readout.projection("mid", TapPoint.residMid(0), TinyModel.direction(24, 1)));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
