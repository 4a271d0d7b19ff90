package dev.plumbline.learn.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.statistics.Weighting;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationCollectorTest {
  private static final long SEED = 3;
  private static final List<TapPoint> POINTS =
      List.of(TapPoint.EMBED, TapPoint.residMid(1), TapPoint.residPost(1));

  @TempDir private static Path temp;
  private static Path folder;
  private static Decoder decoder;
  private static final List<Answer> ANSWERS = new World(1).mixed("m", 0, 40, 5);

  @BeforeAll
  static void load() throws IOException {
    folder = TinyModel.write(temp.resolve("model"), SEED);
    decoder = TinyModel.decoder(folder);
    TinyModel.wear(folder, decoder, "ft", TinyModel.adapter(0, TinyModel.planted(), 1, 5));
  }

  @AfterAll
  static void close() {
    assertThat(decoder.openPasses()).isZero();
    decoder.close();
  }

  /** The embedding needs no forward pass to be known: rows of the table that was written. */
  @Test
  void means_atTheEmbedding_areMeansOfTableRows() {
    StateMeans means = collector().means(ANSWERS, POINTS).get(TapPoint.EMBED);
    double[] tokens = new double[TinyModel.HIDDEN];
    double[] answers = new double[TinyModel.HIDDEN];
    long total = ANSWERS.stream().mapToLong(Answer::length).sum();
    for (Answer answer : ANSWERS) {
      for (long token : answer.answerTokens()) {
        float[] row = TinyModel.embedding(SEED, (int) token);
        for (int i = 0; i < row.length; i++) {
          tokens[i] += row[i] / (double) total;
          answers[i] += row[i] / (double) answer.length() / ANSWERS.size();
        }
      }
    }
    assertThat(means.tokens().count()).isEqualTo(total);
    assertThat(means.mean(Weighting.TOKENS)).containsExactly(tokens, within(1e-12));
    assertThat(means.mean(Weighting.ANSWERS)).containsExactly(answers, within(1e-12));
    assertThat(distance(tokens, answers)).isGreaterThan(1e-3);
  }

  /** Batched and padded against each answer alone, summed by a plain loop in double. */
  @Test
  void means_ofBatches_equalAnswersReadAlone() {
    Map<TapPoint, StateMeans> means = collector().means(ANSWERS, POINTS);
    AnswerFeatures features = collector().features(ANSWERS, POINTS);
    for (TapPoint point : POINTS) {
      double[] sum = new double[TinyModel.HIDDEN];
      for (int n = 0; n < ANSWERS.size(); n++) {
        double[] alone = alone(ANSWERS.get(n), point);
        double[] mean = features.at(List.of(point))[n];
        for (int i = 0; i < sum.length; i++) {
          sum[i] += alone[i];
          assertThat(mean[i]).isCloseTo(alone[i] / ANSWERS.get(n).length(), within(2e-5));
        }
      }
      for (int i = 0; i < sum.length; i++) {
        double wanted = sum[i] / means.get(point).tokens().count();
        assertThat(means.get(point).mean(Weighting.TOKENS)[i]).isCloseTo(wanted, within(2e-5));
      }
    }
  }

  /** Several answers to each long prompt: the prompt is read once, the states stay the same. */
  @Test
  void features_ofAnswersToOnePrompt_areThoseOfEachReadAloneFromFewerTokens() {
    assertReadOnce(longPrompts(ANSWERS, 0), 5);
  }

  /** One answer to each prompt, after one long beginning that all prompts share. */
  @Test
  void features_ofPromptsThatBeginAlike_areThoseOfEachReadAloneFromFewerTokens() {
    assertReadOnce(longPrompts(new World(2).mixed("m", 0, 60, 1), 40), 5);
  }

  private static void assertReadOnce(List<Answer> answers, int least) {
    ActivationCollector collector = collector();
    AnswerFeatures features = collector.features(answers, POINTS);
    for (TapPoint point : POINTS) {
      for (int n = 0; n < answers.size(); n += 7) {
        double[] alone = alone(answers.get(n), point);
        double[] mean = features.at(List.of(point))[n];
        for (int i = 0; i < mean.length; i++) {
          assertThat(mean[i]).isCloseTo(alone[i] / answers.get(n).length(), within(2e-5));
        }
      }
    }
    long whole = answers.stream().mapToLong(a -> a.start() + a.length()).sum();
    assertThat(collector.forwarded() * least).isLessThan(2 * whole);
  }

  /** The same answers to prompts of 40 tokens more, of which the first {@code shared} are alike. */
  private static List<Answer> longPrompts(List<Answer> answers, int shared) {
    return answers.stream()
        .map(
            a -> {
              Random random = new Random(a.prompt().hashCode());
              long[] prompt = new long[40 + a.start()];
              for (int i = 0; i < 40; i++) {
                prompt[i] = i < shared ? 2 + i : 2 + random.nextInt(TinyModel.HARMFUL - 2);
              }
              System.arraycopy(a.promptTokens(), 0, prompt, 40, a.start());
              return new Answer(
                  a.prompt(),
                  prompt,
                  a.answerTokens(),
                  a.misaligned(),
                  a.question(),
                  a.text(),
                  a.model());
            })
        .toList();
  }

  @Test
  void readouts_ofEveryToken_areTheReferenceReadoutOfItsState() {
    Readout readout =
        new Readout(
            "r",
            Map.of(
                TapPoint.EMBED,
                TinyModel.planted().components(),
                TapPoint.residPost(1),
                TinyModel.planted().negated().components()),
            0.25);
    List<double[]> readouts = collector().readouts(ANSWERS, readout);
    for (int n = 0; n < ANSWERS.size(); n++) {
      assertThat(readouts.get(n)).hasSize(ANSWERS.get(n).length());
    }
    Answer answer = ANSWERS.get(7);
    double[] embed = alone(answer, TapPoint.EMBED);
    double[] post = alone(answer, TapPoint.residPost(1));
    double sum = 0;
    for (double each : readouts.get(7)) {
      sum += each;
    }
    double wanted =
        TinyModel.planted().dot(embed) - TinyModel.planted().dot(post) + 0.25 * answer.length();
    assertThat(sum).isCloseTo(wanted, within(1e-4));
  }

  @Test
  void wearing_anAdapter_changesStatesFromItsLayerOnOnly() {
    Map<TapPoint, StateMeans> base = collector().means(ANSWERS, POINTS);
    Map<TapPoint, StateMeans> worn = collector().wearing(Optional.of("ft")).means(ANSWERS, POINTS);
    assertThat(moved(base, worn, TapPoint.EMBED)).isZero();
    assertThat(moved(base, worn, TapPoint.residMid(1))).isGreaterThan(1e-3);
  }

  private static double moved(
      Map<TapPoint, StateMeans> from, Map<TapPoint, StateMeans> to, TapPoint point) {
    return distance(from.get(point).mean(Weighting.TOKENS), to.get(point).mean(Weighting.TOKENS));
  }

  private static double distance(double[] a, double[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(squares);
  }

  /** A decoder of its own: an adapter of NaNs must not sit beside the others'. */
  @Test
  void visit_statesThatAreNotFinite_isOneErrorThatNamesTheAnswer() throws IOException {
    Path other = TinyModel.write(temp.resolve("broken"), 3);
    Answer first = ANSWERS.get(0);
    try (Decoder broken = TinyModel.decoder(other)) {
      TinyModel.wear(other, broken, "nan", TinyModel.adapter(0, TinyModel.planted(), 1e39, 5));
      ActivationCollector reader =
          new ActivationCollector(broken, Progress.silent()).wearing(Optional.of("nan"));
      assertThatThrownBy(() -> reader.means(List.of(first), List.of(TapPoint.residPost(0))))
          .hasMessageContaining("resid_post.0")
          .hasMessageContaining("'" + first.prompt() + "'")
          .hasMessageContaining("finite");
    }
  }

  private static ActivationCollector collector() {
    return new ActivationCollector(decoder, Progress.silent());
  }

  /** Σ of the states of an answer's tokens, {@code [D]}. */
  private static double[] alone(Answer answer, TapPoint point) {
    double[] sum = new double[TinyModel.HIDDEN];
    try (Watch watch = decoder.watch(List.of(point), List.of());
        Pass pass =
            decoder.forward(
                new long[][] {answer.tokens()}, null, watch, null, null, Decoder.Logits.NONE)) {
      float[] states = pass.states(point);
      for (int t = answer.start(); t < answer.start() + answer.length(); t++) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += states[t * sum.length + i];
        }
      }
    }
    return sum;
  }
}
