package dev.plumbline.torch.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.runtime.TinyModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer says must not depend on who it shares a batch with. */
class EngineTest {
  private static final List<Readout> READOUTS =
      List.of(
          Readout.projection("mid", TapPoint.residMid(0), TinyModel.direction(24, 1)),
          Readout.projection("post", TapPoint.residPost(1), TinyModel.direction(24, 2)));

  @ParameterizedTest
  @ValueSource(strings = {"llama_tied", "mistral_window", "qwen3", "llama3_scaled", "qwen2"})
  void generate_unequalLengthsInOneBatch_equalsAloneAndWithoutCache(String name) {
    List<long[]> prompts =
        IntStream.of(3, 11, 1, 7, 20).mapToObj(n -> TinyModel.tokens(n, 50, n)).toList();
    List<List<Long>> uncached = new ArrayList<>();
    try (Decoder decoder = TinyModel.decoder(name, Precision.FLOAT32)) {
      prompts.forEach(prompt -> uncached.add(recomputed(decoder, prompt, 16)));
    }
    Decoder fresh = TinyModel.decoder(name, Precision.FLOAT32);
    try (Engine engine = new Engine(fresh, List.of(), new Engine.Limits(16, 64, 256))) {
      List<Answer> together = prompts.stream().map(p -> start(engine, job(p, 16))).toList();
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(together.get(i).text()).isEqualTo(uncached.get(i));
        assertThat(start(engine, job(prompts.get(i), 16)).text()).isEqualTo(uncached.get(i));
      }
    }
  }

  @Test
  void generate_lateJoiners_changeNobodysText() {
    List<long[]> prompts =
        IntStream.range(0, 12).mapToObj(n -> TinyModel.tokens(1 + 3 * n, 50, n)).toList();
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32))) {
      List<Answer> alone = new ArrayList<>();
      for (long[] prompt : prompts) {
        alone.add(start(engine, job(prompt, 24)));
        alone.get(alone.size() - 1).await();
      }
      List<Answer> joining = new ArrayList<>();
      joining.add(new Answer());
      // Each answer brings the next one in from the engine's own thread, five tokens in.
      chain(engine, prompts, joining, 0);
      for (int i = 0; i < prompts.size(); i++) {
        int at = i;
        assertThat(joining.get(at).text()).isEqualTo(alone.get(at).text());
        assertThat(joining.get(at).serving).hasSize(23);
        IntStream.range(0, 23)
            .forEach(t -> near(joining.get(at).serving.get(t), alone.get(at).serving.get(t), 1e-4));
      }
    }
  }

  private static void chain(Engine engine, List<long[]> prompts, List<Answer> answers, int at) {
    Answer next =
        new Answer() {
          @Override
          public boolean token(long id) {
            boolean more = super.token(id);
            if (tokens.size() == 5 && at + 1 < prompts.size()) {
              chain(engine, prompts, answers, at + 1);
            }
            return more;
          }
        };
    while (answers.size() <= at) {
      answers.add(null);
    }
    answers.set(at, next);
    engine.generate(job(prompts.get(at), 24), next);
    if (at == 0) {
      next.await();
    }
  }

  @Test
  void generate_withAReference_readsTheBareBaseOnTheSameTokens() {
    long[] prompt = TinyModel.tokens(6, 50, 4);
    try (Engine engine = engine(TinyModel.adapted())) {
      Answer bare = start(engine, job(prompt, 12));
      Answer answer =
          start(
              engine,
              new GenerationJob(
                  prompt,
                  12,
                  Sampling.GREEDY,
                  Set.of(),
                  Optional.of("rank2"),
                  InterventionPlan.none(),
                  true));
      List<Long> text = answer.text();
      double[][] read = engine.read(with(prompt, text), 6, Optional.empty()).join();
      double[][] worn = engine.read(with(prompt, text), 6, Optional.of("rank2")).join();

      assertThat(text).isNotEqualTo(bare.text());
      assertThat(answer.reference).hasSize(11);
      double moved = 0;
      for (int t = 0; t < 11; t++) {
        near(answer.reference.get(t), read[t], 1e-4);
        near(answer.serving.get(t), worn[t], 1e-4);
        moved += Math.abs(answer.serving.get(t)[1] - answer.reference.get(t)[1]);
      }
      assertThat(moved).isGreaterThan(0.1);
    }
  }

  @Test
  void generate_ablatedAndPlainMixed_leavesThePlainAlone() {
    long[] prompt = TinyModel.tokens(6, 50, 8);
    InterventionPlan plan = InterventionPlan.shared(TinyModel.direction(24, 1), 2);
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32))) {
      Answer alone = start(engine, job(prompt, 20));
      alone.await();
      Answer plain = new Answer();
      Answer ablated = new Answer();
      Answer later = new Answer();
      engine.generate(job(prompt, 20), plain);
      engine.generate(planned(prompt, 20, plan), ablated);
      engine.generate(planned(prompt, 20, plan.over(TokenRange.from(10))), later);

      assertThat(plain.text()).isEqualTo(alone.text());
      for (int t = 0; t < 19; t++) {
        near(plain.serving.get(t), alone.serving.get(t), 1e-5);
      }
      // 6 prompt tokens and 19 answer tokens went through 5 writers.
      assertThat(ablated.receipt().tokens()).isEqualTo(25 * 5);
      assertThat(ablated.receipt().removed()).isGreaterThan(ablated.receipt().largest());
      assertThat(later.receipt().tokens()).isEqualTo(15 * 5);
      assertThat(plain.receipt().applied()).isFalse();
      assertThat(ablated.serving.get(3)[0]).isNotCloseTo(alone.serving.get(3)[0], within(1e-6));
    }
  }

  @Test
  void generate_sameSeed_sameText() {
    long[] prompt = TinyModel.tokens(4, 50, 8);
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32))) {
      List<Long> first = start(engine, drawn(prompt, 5)).text();
      List<Answer> beside =
          IntStream.range(0, 6).mapToObj(seed -> start(engine, drawn(prompt, seed))).toList();
      assertThat(beside.get(5).text()).isEqualTo(first);
      assertThat(beside.stream().map(Answer::text).distinct()).hasSizeGreaterThan(3);
    }
  }

  @Test
  void read_unequalLengths_equalsOneByOne() {
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32))) {
      var together =
          IntStream.rangeClosed(1, 9)
              .mapToObj(n -> engine.read(TinyModel.tokens(n, 50, n), n / 2, Optional.empty()))
              .toList();
      for (int n = 1; n <= 9; n++) {
        double[][] alone = engine.read(TinyModel.tokens(n, 50, n), 0, Optional.empty()).join();
        double[][] found = together.get(n - 1).join();
        assertThat(found).hasDimensions(n - n / 2, 2);
        for (int t = 0; t < found.length; t++) {
          near(found[t], alone[n / 2 + t], 1e-4);
        }
      }
    }
  }

  static Engine engine(Decoder decoder) {
    return new Engine(decoder, READOUTS, new Engine.Limits(16, 64, 256));
  }

  static GenerationJob job(long[] prompt, int max) {
    return planned(prompt, max, InterventionPlan.none());
  }

  static GenerationJob planned(long[] prompt, int max, InterventionPlan plan) {
    return new GenerationJob(prompt, max, Sampling.GREEDY, Set.of(), Optional.empty(), plan, false);
  }

  private static GenerationJob drawn(long[] prompt, long seed) {
    return new GenerationJob(
        prompt,
        16,
        new Sampling(4, 0.95, seed),
        Set.of(),
        Optional.empty(),
        InterventionPlan.none(),
        false);
  }

  static Answer start(Engine engine, GenerationJob job) {
    Answer answer = new Answer();
    engine.generate(job, answer);
    return answer;
  }

  /** Greedy text by a full forward for each token, no cache, one row. */
  private static List<Long> recomputed(Decoder decoder, long[] prompt, int count) {
    List<Long> text = new ArrayList<>();
    while (text.size() < count) {
      long[][] all = {with(prompt, text)};
      try (Pass pass = decoder.forward(all, null, null, null, null, Decoder.Logits.LAST)) {
        float[] logits = pass.logitsToHost();
        int best = 0;
        for (int v = 1; v < logits.length; v++) {
          best = logits[v] > logits[best] ? v : best;
        }
        text.add((long) best);
      }
    }
    return text;
  }

  private static long[] with(long[] prompt, List<Long> text) {
    long[] all = Arrays.copyOf(prompt, prompt.length + text.size());
    IntStream.range(0, text.size()).forEach(i -> all[prompt.length + i] = text.get(i));
    return all;
  }

  private static void near(double[] found, double[] wanted, double bound) {
    assertThat(found).hasSameSizeAs(wanted);
    for (int k = 0; k < wanted.length; k++) {
      assertThat(found[k]).isCloseTo(wanted[k], within(bound));
    }
  }
}
