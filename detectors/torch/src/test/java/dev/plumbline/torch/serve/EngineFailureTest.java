package dev.plumbline.torch.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.LoraSlot;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.runtime.TinyModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Endings, bounds, failures and what is left behind. */
class EngineFailureTest {
  private static final long[] PROMPT = TinyModel.tokens(5, 50, 1);

  @Test
  void generate_stopId_endsBeforeIt() {
    try (Engine engine = engine()) {
      List<Long> all = EngineTest.start(engine, EngineTest.job(PROMPT, 12)).text();
      long stop = all.get(4);
      Answer answer =
          EngineTest.start(
              engine,
              new GenerationJob(
                  PROMPT,
                  12,
                  Sampling.GREEDY,
                  Set.of(stop),
                  Optional.empty(),
                  InterventionPlan.none(),
                  false));
      assertThat(answer.await()).isEqualTo(GenerationListener.Ending.STOP);
      assertThat(answer.text()).isEqualTo(all.subList(0, all.indexOf(stop)));
    }
  }

  @Test
  void generate_length_tellsInOrder() {
    try (Engine engine = engine()) {
      Answer answer = EngineTest.start(engine, EngineTest.job(PROMPT, 3));
      assertThat(answer.await()).isEqualTo(GenerationListener.Ending.LENGTH);
      assertThat(answer.order).hasToString("strtrte");
      Answer one = EngineTest.start(engine, EngineTest.job(PROMPT, 1));
      one.await();
      assertThat(one.order).hasToString("ste");
    }
  }

  @Test
  void generate_listenerHasEnough_endsAfterTheToken() {
    try (Engine engine = engine()) {
      Answer answer = new Answer(id -> false);
      engine.generate(EngineTest.job(PROMPT, 9), answer);
      assertThat(answer.await()).isEqualTo(GenerationListener.Ending.STOP);
      assertThat(answer.tokens).hasSize(1);
    }
  }

  @Test
  void generate_cancelled_endsSoonAndOthersGoOn() {
    try (Engine engine = engine()) {
      AtomicReference<Runnable> cancel = new AtomicReference<>();
      CountDownLatch known = new CountDownLatch(1);
      Answer cut =
          new Answer(
              id -> {
                await(known);
                cancel.get().run();
                return true;
              });
      cancel.set(engine.generate(EngineTest.job(PROMPT, 50), cut));
      known.countDown();
      Answer other = EngineTest.start(engine, EngineTest.job(PROMPT, 20));
      assertThat(cut.await()).isEqualTo(GenerationListener.Ending.CANCELLED);
      assertThat(cut.tokens).hasSize(1);
      assertThat(other.text()).hasSize(20);
    }
  }

  @Test
  void generate_overTheBound_isRefusedAndTheRestServed() {
    try (Engine engine = new Engine(decoder(), List.of(), new Engine.Limits(2, 3, 64))) {
      CountDownLatch gate = new CountDownLatch(1);
      Answer holding =
          new Answer(
              id -> {
                await(gate);
                return true;
              });
      engine.generate(EngineTest.job(PROMPT, 2), holding);
      while (holding.order.length() == 0) {
        Thread.onSpinWait();
      }
      List<Answer> queued = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        queued.add(EngineTest.start(engine, EngineTest.job(PROMPT, 2)));
      }
      assertThat(engine.queueDepth()).isEqualTo(engine.queueCapacity()).isEqualTo(3);
      assertThatThrownBy(() -> EngineTest.start(engine, EngineTest.job(PROMPT, 2)))
          .isInstanceOf(Engine.QueueFullException.class);
      gate.countDown();
      queued.forEach(answer -> assertThat(answer.text()).hasSize(2));
    }
  }

  @Test
  void generate_failingListener_failsItsOwnAnswerOnly() {
    try (Engine engine = engine()) {
      Answer alone = EngineTest.start(engine, EngineTest.job(PROMPT, 9));
      alone.await();
      Answer broken =
          new Answer(
              id -> {
                throw new AssertionError("the listener broke");
              });
      Answer beside = new Answer();
      engine.generate(EngineTest.job(PROMPT, 9), beside);
      engine.generate(EngineTest.job(PROMPT, 9), broken);
      assertThatThrownBy(broken::await).hasMessageContaining("the listener broke");
      assertThat(broken.order).hasToString("stf");
      assertThat(beside.text()).isEqualTo(alone.text());
    }
  }

  @Test
  void generate_failingStep_failsItsBatchAndTheEngineGoesOn() {
    Decoder decoder = decoder();
    var part = new LoraWeights.Part(1, new float[5], new float[24]);
    var misfit = new LoraWeights(1, Map.of(new LoraWeights.Key(0, LoraSlot.OUT), part));
    decoder.adapters().add("misfit", misfit);
    try (Engine engine = EngineTest.engine(decoder)) {
      Answer broken =
          EngineTest.start(
              engine,
              new GenerationJob(
                  PROMPT,
                  9,
                  Sampling.GREEDY,
                  Set.of(),
                  Optional.of("misfit"),
                  InterventionPlan.none(),
                  true));
      assertThatThrownBy(broken::await).hasMessageContaining("cannot be multiplied");
      assertThatThrownBy(() -> engine.read(PROMPT, 0, Optional.of("misfit")).join())
          .hasMessageContaining("cannot be multiplied");
      assertThat(EngineTest.start(engine, EngineTest.job(PROMPT, 9)).text()).hasSize(9);
      assertThat(broken.order).hasToString("f");
    }
  }

  @Test
  void generate_listenerThatFailsTwice_doesNotStopTheEngine() {
    try (Engine engine = engine()) {
      engine.generate(
          EngineTest.job(PROMPT, 9),
          new Answer() {
            @Override
            public boolean token(long id) {
              throw new IllegalStateException("once");
            }

            @Override
            public void failed(RuntimeException cause) {
              throw new IllegalStateException("twice");
            }
          });
      assertThat(EngineTest.start(engine, EngineTest.job(PROMPT, 9)).text()).hasSize(9);
    }
  }

  @Test
  void requests_thatCannotBeRun_areRefusedBeforeTheyJoinABatch() {
    InterventionPlan wide = InterventionPlan.shared(TinyModel.direction(25, 1), 2);
    InterventionPlan deep = InterventionPlan.shared(TinyModel.direction(24, 1), 3);
    try (Engine engine = engine()) {
      assertThatThrownBy(() -> EngineTest.start(engine, EngineTest.job(PROMPT, 60)))
          .hasMessageContaining("wanted at most 64 tokens, found 65");
      assertThatThrownBy(() -> EngineTest.start(engine, EngineTest.job(new long[] {50}, 1)))
          .hasMessageContaining("found 50");
      assertThatThrownBy(() -> EngineTest.start(engine, EngineTest.planned(PROMPT, 1, wide)))
          .hasMessageContaining("found 25");
      assertThatThrownBy(() -> EngineTest.start(engine, EngineTest.planned(PROMPT, 1, deep)))
          .hasMessageContaining("resid_mid.2");
      assertThatThrownBy(() -> engine.read(PROMPT, 0, Optional.of("none")))
          .hasMessageContaining("none");
      assertThatThrownBy(() -> engine.read(new long[0], 0, Optional.empty()))
          .hasMessageContaining("at least one token");
      assertThat(EngineTest.start(engine, EngineTest.job(PROMPT, 59)).text()).hasSize(59);
    }
  }

  @Test
  void close_withAnswersInFlight_failsThemAll() {
    Engine engine = new Engine(decoder(), List.of(), new Engine.Limits(1, 8, 64));
    CountDownLatch begun = new CountDownLatch(1);
    Answer live =
        new Answer(
            id -> {
              begun.countDown();
              return true;
            });
    engine.generate(EngineTest.job(PROMPT, 59), live);
    Answer waiting = EngineTest.start(engine, EngineTest.job(PROMPT, 59));
    await(begun);
    engine.close();
    for (Answer answer : List.of(live, waiting)) {
      if (!answer.order.toString().endsWith("e")) {
        assertThatThrownBy(answer::await).hasMessageContaining("closed");
      }
    }
    assertThat(waiting.order.toString()).endsWith("f");
    assertThatThrownBy(() -> EngineTest.start(engine, EngineTest.job(PROMPT, 1)))
        .hasMessageContaining("closed");
  }

  @Test
  void generate_thousandMixedRequests_leavesNoNativeArrays() {
    Decoder decoder = TinyModel.adapted();
    try (Engine engine = EngineTest.engine(decoder)) {
      EngineTest.start(engine, mixed(new Random(0), 1)).await();
      engine.read(PROMPT, 0, Optional.of("rank2")).join();
      quiet(engine);
      int before = TinyModel.arrays(decoder);
      Random random = new Random(1);
      for (int round = 0; round < 50; round++) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          answers.add(EngineTest.start(engine, mixed(random, i)));
        }
        engine.read(PROMPT, 1, Optional.empty()).join();
        answers.forEach(Answer::await);
      }
      quiet(engine);
      assertThat(decoder.openPasses()).isZero();
      assertThat(TinyModel.arrays(decoder)).isEqualTo(before);
    }
  }

  /** A read goes through after the step that ended the last answer was cleared away. */
  private static void quiet(Engine engine) {
    engine.read(PROMPT, 0, Optional.empty()).join();
    engine.read(PROMPT, 0, Optional.empty()).join();
  }

  private static GenerationJob mixed(Random random, int i) {
    InterventionPlan plan =
        switch (i % 4) {
          case 0 -> InterventionPlan.shared(TinyModel.direction(24, i), 2);
          case 1 ->
              new InterventionPlan(
                  Map.of(
                      TapPoint.residMid(1),
                      new DirectionalAblation(TinyModel.direction(24, i), 0.5, 0.1)),
                  new TokenRange(2, 6));
          default -> InterventionPlan.none();
        };
    return new GenerationJob(
        TinyModel.tokens(1 + random.nextInt(9), 50, i),
        1 + random.nextInt(12),
        i % 2 == 0 ? Sampling.GREEDY : new Sampling(1, 0.9, i),
        Set.of(3L),
        i % 3 == 0 ? Optional.of("rank2") : Optional.empty(),
        plan,
        i % 5 == 0);
  }

  private static Engine engine() {
    return EngineTest.engine(decoder());
  }

  private static Decoder decoder() {
    return TinyModel.decoder("llama_tied", Precision.FLOAT32);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
