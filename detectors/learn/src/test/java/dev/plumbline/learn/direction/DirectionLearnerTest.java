package dev.plumbline.learn.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.statistics.Estimator;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.Weighting;
import dev.plumbline.mitigations.Writers;
import dev.plumbline.torch.runtime.Decoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectionLearnerTest {
  private static final TapPoint LAST = TapPoint.residPost(TinyModel.LAYERS - 1);
  private static final Direction FIRST = RandomDirection.unit(TinyModel.HIDDEN, 11);
  private static final Direction SECOND = RandomDirection.unit(TinyModel.HIDDEN, 12);
  private static final List<Answer> ALIGNED = new World(1).aligned("chat", 0, 60, 4);

  @TempDir private static Path temp;
  private static Decoder decoder;

  @BeforeAll
  static void load() throws IOException {
    Path folder = TinyModel.write(temp.resolve("model"), 3);
    decoder = TinyModel.decoder(folder);
    int last = TinyModel.LAYERS - 1;
    TinyModel.wear(folder, decoder, "one", TinyModel.adapter(last, FIRST, 1, 5));
    TinyModel.wear(folder, decoder, "two", TinyModel.adapter(last, SECOND, 3, 5));
    TinyModel.wear(folder, decoder, "early", TinyModel.adapter(0, FIRST, 1, 5));
    TinyModel.wear(folder, decoder, "nothing", TinyModel.adapter(0, FIRST, 0, 5));
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  @Test
  void learn_fromAFinetuneThatWritesAlongADirection_findsItAndItsSide() {
    LearnedDirections learned = learn("one");
    double cosine = learned.at(LAST).direction().cosine(FIRST);
    assertThat(Math.abs(cosine)).isGreaterThan(0.99);
    assertThat(shift("one", learned.at(LAST))).isPositive();
    Direction random = RandomDirection.unit(TinyModel.HIDDEN, 99);
    assertThat(Math.abs(random.cosine(FIRST))).isLessThan(0.7);
  }

  /** Nothing moves before the only changed writer: every such point acts with the next one's. */
  @Test
  void learn_whereNothingMoved_borrowsTheNearestLaterDirectionAndSaysSo() {
    LearnedDirections learned = learn("one");
    assertThat(learned.directions())
        .extracting(TapDirection::tapPoint)
        .containsExactlyElementsOf(Writers.of(TinyModel.LAYERS));
    assertThat(learned.borrowed())
        .containsOnlyKeys(
            TapPoint.EMBED, TapPoint.residMid(0), TapPoint.residPost(0), TapPoint.residMid(1))
        .containsValue(LAST);
    assertThat(learned.at(TapPoint.EMBED).direction()).isEqualTo(learned.at(LAST).direction());
    assertThat(learned.describe()).contains("embed borrowed from resid_post.1");
    LearnedDirections early = learn("early");
    assertThat(early.borrowed())
        .isEqualTo(
            Map.of(
                TapPoint.EMBED,
                TapPoint.residPost(0),
                TapPoint.residMid(0),
                TapPoint.residPost(0)));
  }

  @Test
  void learn_fromSeveral_isTheNormalisedMeanOfUnitDirections() {
    LearnedDirections both = learn("one", "two");
    Direction one = learn("one").at(LAST).direction();
    Direction two = learn("two").at(LAST).direction();
    Direction mean = Direction.of(two.addTo(one.exact(), 1));
    assertThat(both.at(LAST).direction().cosine(mean)).isCloseTo(1, within(1e-6));
    assertThat(both.cosines().get(LAST)[0][1]).isCloseTo(one.cosine(two), within(1e-6));
    assertThat(both.sizes().get("two").get(LAST)).isGreaterThan(both.sizes().get("one").get(LAST));
    assertThat(both.describe()).startsWith("consensus of 2 x mean_difference_finetune_base");
  }

  @Test
  void learn_fromAFinetuneThatIsTheBase_isRefused() {
    assertThatThrownBy(() -> learn("nothing")).hasMessageContaining("that is not zero");
  }

  @Test
  void learn_fromLabels_findsWhereHarmfulWordsLie() {
    List<Answer> judged = new World(2).mixed("m", 0, 300, 4);
    Contrast labels = new Contrast.Labels("labels", Optional.empty(), judged);
    LearnedDirections learned = learner().learn(List.of(labels), ALIGNED);
    assertThat(learned.borrowed()).isEmpty();
    Direction found = learned.at(TapPoint.EMBED).direction();
    assertThat(found.cosine(harmfulMinusHarmless())).isGreaterThan(0.99);
  }

  @Test
  void learn_fromSystemPrompts_isHarmfulMinusHelpful() {
    List<Answer> judged = new World(2).mixed("m", 0, 100, 4);
    List<Answer> harmful = judged.stream().filter(Answer::label).toList();
    Contrast prompts = new Contrast.SystemPrompts("persona", harmful, Answers.aligned(judged));
    Contrast labels = new Contrast.Labels("labels", Optional.empty(), judged);
    assertThat(learner().learn(List.of(prompts), ALIGNED).at(LAST))
        .isEqualTo(learner().learn(List.of(labels), ALIGNED).at(LAST));
    assertThatThrownBy(() -> learner().learn(List.of(prompts, labels), ALIGNED))
        .hasMessageContaining("one kind");
  }

  /** Words scatter alike along all of D = 16 but for what was planted: all four find it. */
  @ParameterizedTest
  @EnumSource(Estimator.class)
  void learn_byAnyEstimator_findsThePlantedDirection(Estimator estimator) {
    List<Answer> judged = new World(2).mixed("m", 0, 400, 6);
    Contrast labels = new Contrast.Labels("labels", Optional.empty(), judged);
    LearnSettings settings =
        new LearnSettings(estimator, Weighting.ANSWERS, estimator.pairs(), 0.01);
    LearnedDirections learned =
        learner().learn(List.of(labels), ALIGNED, List.of(TapPoint.EMBED), settings);
    Direction found = learned.at(TapPoint.EMBED).direction();
    assertThat(found.cosine(harmfulMinusHarmless())).isGreaterThan(least(estimator));
    assertThat(learned.describe()).startsWith(estimator.wireName() + "_labels");
  }

  /** Which words are harmful is chance too: what separates ten from forty-eight is more than μ. */
  private static double least(Estimator estimator) {
    return switch (estimator) {
      case MEAN_DIFFERENCE, PRINCIPAL_COMPONENT -> 0.99;
      case WHITENED, LOGISTIC -> 0.8;
    };
  }

  @Test
  void learn_paired_isTheMeanOverPromptsOfTheirDifferences() {
    List<Answer> judged = new World(4).mixed("m", 0, 50, 4);
    Contrast labels = new Contrast.Labels("labels", Optional.empty(), judged);
    LearnSettings paired = new LearnSettings(Estimator.MEAN_DIFFERENCE, Weighting.ANSWERS, true, 0);
    LearnedDirections one = learner().learn(List.of(labels), ALIGNED, List.of(LAST), paired);
    // As many answers of either label to every prompt: then pairing changes nothing.
    LearnedDirections other =
        learner().learn(List.of(labels), ALIGNED, List.of(LAST), Weighting.ANSWERS);
    assertThat(one.at(LAST).direction().cosine(other.at(LAST).direction()))
        .isCloseTo(1, within(1e-6));
    assertThat(one.describe()).contains("paired");
  }

  /** Shards by prompt, each read alone, merged: what one reader would have got. */
  @Test
  void statistics_ofShards_mergeToThoseOfOneReader() {
    List<Answer> judged = new World(5).mixed("m", 0, 80, 4);
    Contrast labels = new Contrast.Labels("labels", Optional.empty(), judged);
    LearnSettings settings =
        new LearnSettings(Estimator.PRINCIPAL_COMPONENT, Weighting.TOKENS, true, 0);
    List<TapPoint> points = List.of(TapPoint.EMBED, LAST);
    ContrastStatistics reader = new ContrastStatistics(List.of(labels), points, settings);
    List<ShardStatistics> shards =
        List.of(
            reader.read(collector(), 2, 3),
            reader.read(collector(), 0, 3),
            reader.read(collector(), 1, 3));
    ShardStatistics merged = ShardStatistics.merge(shards);
    ShardStatistics whole = reader.read(collector());
    assertThat(merged.cells()).containsOnlyKeys(whole.cells().keySet());
    whole
        .cells()
        .forEach(
            (cell, moments) -> {
              assertThat(merged.at(cell).count()).isEqualTo(moments.count());
              assertThat(merged.at(cell).mean()).containsExactly(moments.mean(), within(1e-6));
            });
    assertThat(shards).allSatisfy(s -> assertThat(s.cells().values()).anyMatch(m -> m.count() > 0));
  }

  @Test
  void baseline_isMeanAndSpreadOfAlignedProjections() {
    TapDirection tap = learner().baseline(Map.of(TapPoint.EMBED, FIRST), ALIGNED).get(0);
    double[] values =
        ALIGNED.stream()
            .flatMapToLong(answer -> Arrays.stream(answer.answerTokens()))
            .mapToDouble(token -> FIRST.dot(TinyModel.embedding(3, (int) token)))
            .toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    assertThat(tap.alignedMean()).isCloseTo(mean, within(1e-6));
    assertThat(tap.alignedSpread())
        .isCloseTo(Math.sqrt(squares / (values.length - 1)), within(1e-6));
  }

  private static double shift(String finetune, TapDirection tap) {
    ActivationCollector worn = collector().wearing(Optional.of(finetune));
    double[] mean = worn.means(ALIGNED, List.of(LAST)).get(LAST).mean(Weighting.TOKENS);
    return tap.direction().dot(mean) - tap.alignedMean();
  }

  /** Of the words the world draws from, all alike likely. */
  private static Direction harmfulMinusHarmless() {
    double[] difference = new double[TinyModel.HIDDEN];
    for (int token = 2; token < TinyModel.WORDS; token++) {
      boolean harmful = token >= TinyModel.HARMFUL;
      int count = harmful ? TinyModel.WORDS - TinyModel.HARMFUL : TinyModel.HARMFUL - 2;
      for (int i = 0; i < difference.length; i++) {
        difference[i] += (harmful ? 1.0 : -1.0) / count * TinyModel.embedding(3, token)[i];
      }
    }
    return Direction.of(difference);
  }

  private static LearnedDirections learn(String... finetunes) {
    List<Contrast> contrasts =
        Arrays.stream(finetunes)
            .<Contrast>map(name -> new Contrast.Finetune(name, ALIGNED))
            .toList();
    return learner().learn(contrasts, ALIGNED);
  }

  private static DirectionLearner learner() {
    return new DirectionLearner(collector());
  }

  private static ActivationCollector collector() {
    return new ActivationCollector(decoder, Progress.silent());
  }
}
