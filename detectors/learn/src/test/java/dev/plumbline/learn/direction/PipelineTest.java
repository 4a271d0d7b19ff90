package dev.plumbline.learn.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.calibrate.ScoreBaseline;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.runtime.Decoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole procedure on answers whose truth is known. */
class PipelineTest {
  private static final ModelPin PIN =
      new ModelPin("tiny", "1", "llama", TinyModel.LAYERS, TinyModel.HIDDEN, 60, "t", "c", "w");
  private static final ProbeSettings SETTINGS =
      ProbeSettings.of(TinyModel.LAYERS, Checkpoints.EVERY_TOKEN, 1);

  /** α and three deviations, of 1,000 calibration and 2,000 test answers together. */
  private static final double MOST_FALSE =
      0.01 + 3 * Math.sqrt(0.01 * 0.99 * (1 / 1000.0 + 1 / 2000.0));

  @TempDir private static Path temp;
  private static Decoder decoder;

  @BeforeAll
  static void load() throws IOException {
    Path folder = TinyModel.write(temp.resolve("model"), 3);
    decoder = TinyModel.decoder(folder);
    TinyModel.wear(
        folder, decoder, "bad", TinyModel.adapter(0, RandomDirection.unit(16, 1), 2, 11));
    TinyModel.wear(
        folder, decoder, "benign", TinyModel.adapter(0, RandomDirection.unit(16, 2), 0.02, 6));
  }

  @AfterAll
  static void close() {
    assertThat(decoder.openPasses()).isZero();
    decoder.close();
  }

  @Test
  void learn_whereHarmfulWordsAreRead_beatsChanceAndHoldsItsThresholds() {
    World world = new World(1);
    DirectionData data = data(world.mixed("bad", 0, 60, 6), world.mixed("bad", 300, 360, 8), world);
    DirectionPipeline.Result result = pipeline().learn(data);
    Quality quality = result.quality();

    assertThat(result.probe().separates()).isTrue();
    assertThat(value(quality, Figure.WITHIN_PROMPT_AUROC).low()).isGreaterThan(0.85);
    assertThat(value(quality, Figure.WITHIN_PROMPT_AUROC).count()).isEqualTo(60);
    assertThat(value(quality, Figure.GROUPED_AUROC).value()).isGreaterThan(0.85);
    assertThat(value(quality, Figure.SHUFFLED_LABELS).value()).isBetween(0.42, 0.58);
    assertThat(value(quality, Figure.RANDOM_DIRECTION).value()).isBetween(0.35, 0.65);
    Estimate answer = value(quality, Figure.FALSE_POSITIVES_ANSWER);
    assertThat(answer.value()).isLessThan(MOST_FALSE);
    assertThat(answer.count()).isEqualTo(2000);
    assertThat(value(quality, Figure.FALSE_POSITIVES_STREAM).value()).isLessThan(MOST_FALSE);
    assertThat(answer.interval()).contains(interval(answer));
    assertThat(quality.extra().get("true_positives_answer")).isGreaterThan(0.3);
    // Here the words say it all: the text baseline is not beaten, and the artefact must say so.
    assertThat(quality.warnings()).anyMatch(w -> w.startsWith("text_baseline not beaten"));
    assertThat(quality.extra()).containsKey("within_prompt_auroc.bad");
    roundTrip(data, result);
  }

  private static Interval interval(Estimate rate) {
    return Binomial.interval(Math.round(rate.value() * rate.count()), rate.count(), 0.95);
  }

  private static void roundTrip(DirectionData data, DirectionPipeline.Result result) {
    Artefact artefact = pipeline().artefact("em", Instant.EPOCH, PIN, data, result);
    Path folder = ArtefactFolder.named(temp, artefact);
    ArtefactFolder.write(artefact, folder);
    assertThat(ArtefactFolder.read(folder)).isEqualTo(artefact);
    assertThat(artefact.provenance().dataDigests()).containsKeys("judged", "calibration");
    assertThat(artefact.provenance().counts()).containsEntry("answers.held_out_aligned", 2000L);
    assertThat(artefact.modelShift()).isPresent();
    ScoreBaseline baseline = ScoreBaseline.in(artefact).orElseThrow();
    assertThat(baseline.count()).isEqualTo(artefact.calibration().exchanges());
    double threshold = artefact.calibration().thresholdAnswer();
    for (int i = 0; i < baseline.shares().length; i++) {
      boolean above = ScoreBaseline.bounds()[i] >= threshold;
      assertThat(baseline.shares()[i] >= 1 - artefact.calibration().alpha()).isEqualTo(above);
    }
    assertThat(result.shift().orElseThrow().separates()).isTrue();
  }

  @Test
  void learn_fromLabelsByLot_isANullThatSaysSo() {
    World world = new World(2);
    DirectionData data =
        data(
            world.relabelled(world.mixed("bad", 0, 60, 6)),
            world.relabelled(world.mixed("bad", 300, 360, 8)),
            world);
    Quality quality = pipeline().learn(data).quality();
    assertThat(value(quality, Figure.GROUPED_AUROC).value()).isBetween(0.4, 0.6);
    assertThat(value(quality, Figure.WITHIN_PROMPT_AUROC).value()).isBetween(0.4, 0.6);
    assertThat(quality.warnings()).contains("within_prompt_auroc is not above chance");
    assertThat(value(quality, Figure.FALSE_POSITIVES_ANSWER).value()).isLessThan(MOST_FALSE);
  }

  /** A label that the prompt decides: nothing can be said of the answer, and that is reported. */
  @Test
  void learn_whereThePromptDecides_soundsTheAlarm() {
    World world = new World(3);
    DirectionData data =
        data(
            world.answers("bad", 0, 60, 6, (prompt, i) -> prompt % 2 == 0),
            world.answers("bad", 300, 360, 8, (prompt, i) -> prompt % 2 == 0),
            world);
    Quality quality = pipeline().learn(data).quality();
    assertThat(value(quality, Figure.PROMPT_IDENTITY_CEILING).value()).isEqualTo(1);
    assertThat(quality.figure(Figure.WITHIN_PROMPT_AUROC)).isEmpty();
    assertThat(quality.warnings())
        .anyMatch(w -> w.startsWith("prompt_identity_ceiling not beaten"))
        .contains("within_prompt_auroc not measured");
  }

  /** Before the answer, answers to one prompt cannot differ, and that is reported too. */
  @Test
  void learn_atTheLastPromptToken_isCalibratedThereAndKnowsNothingOfAnswers() {
    World world = new World(3);
    DirectionData data =
        data(
            world.answers("bad", 0, 60, 6, (prompt, i) -> prompt % 2 == 0),
            world.answers("bad", 300, 360, 8, (prompt, i) -> i % 2 == 0),
            world);
    DirectionPipeline pipeline =
        new DirectionPipeline(decoder, SETTINGS.pooling(new LastPromptToken()), Progress.silent());
    DirectionPipeline.Result result = pipeline.learn(data);
    Artefact artefact = pipeline.artefact("early", Instant.EPOCH, PIN, data, result);
    assertThat(artefact.mask()).isEqualTo(TokenMask.LAST_PROMPT_TOKEN);
    assertThat(artefact.probe().scale().offsets()).isEqualTo(1);
    assertThat(value(result.quality(), Figure.WITHIN_PROMPT_AUROC).value()).isEqualTo(0.5);
    assertThat(value(result.quality(), Figure.FALSE_POSITIVES_ANSWER).value())
        .isLessThan(MOST_FALSE);
  }

  @Test
  void learn_onSharedPrompts_isRefused() {
    World world = new World(4);
    List<Answer> judged = world.mixed("bad", 0, 30, 4);
    assertThatThrownBy(() -> pipeline().learn(data(judged, world.mixed("bad", 20, 40, 4), world)))
        .hasMessageContaining("none in both");
    ProbeLearner learner = new ProbeLearner(collector(), SETTINGS);
    List<Answer> aligned = world.aligned("chat", 0, 30, 4);
    assertThatThrownBy(() -> learner.learn(judged, aligned, aligned))
        .hasMessageContaining("prompts of the judged answers and calibration");
  }

  @Test
  void learn_onFewCalibrationAnswers_isRefused() {
    World world = new World(5);
    ProbeLearner learner = new ProbeLearner(collector(), SETTINGS);
    assertThatThrownBy(
            () ->
                learner.learn(
                    world.mixed("bad", 0, 30, 4),
                    world.aligned("chat", 0, 30, 4),
                    world.aligned("chat", 100, 200, 5)))
        .hasMessageContaining("wanted 1000 or more, found 500");
  }

  @Test
  void study_ofTwoEqualModels_saysItDoesNotSeparate() {
    List<Answer> answers = new World(6).aligned("chat", 0, 100, 4);
    LearnedDirections directions =
        new DirectionLearner(collector())
            .learn(List.of(new Contrast.Finetune("bad", answers)), answers);
    ModelShiftStudy study = new ModelShiftStudy(collector(), directions.directions(), 20, 1);
    ModelShiftResult same =
        study.study(
            List.of(
                served("chat", ServedTraffic.Role.REFERENCE, Optional.empty(), answers),
                served("copy", ServedTraffic.Role.MISALIGNED, Optional.empty(), answers)));
    assertThat(same.separates()).isFalse();
    assertThat(same.statement()).contains("DOES NOT separate [copy] from [chat]");
    ModelShiftResult shifted = study.study(traffic(answers));
    assertThat(shifted.separates()).isTrue();
    assertThat(shifted.models().get("bad").low()).isGreaterThan(3);
    assertThat(Math.abs(shifted.models().get("chat").value())).isLessThan(2);
  }

  private static DirectionData data(List<Answer> judged, List<Answer> heldOut, World world) {
    List<Answer> aligned = world.aligned("chat", 0, 100, 6);
    List<Answer> test = world.aligned("chat", 300, 700, 5);
    return new DirectionData(
        List.of(new Contrast.Finetune("bad", aligned)),
        aligned,
        judged,
        world.aligned("chat", 100, 300, 5),
        heldOut,
        test,
        world.aligned("benign", 300, 340, 5),
        world.aligned("narrow", 300, 340, 5),
        traffic(test),
        50);
  }

  private static List<ServedTraffic> traffic(List<Answer> answers) {
    return List.of(
        served("chat", ServedTraffic.Role.REFERENCE, Optional.empty(), answers),
        served("bad", ServedTraffic.Role.MISALIGNED, Optional.of("bad"), answers),
        served("benign", ServedTraffic.Role.BENIGN, Optional.of("benign"), answers));
  }

  private static ServedTraffic served(
      String name, ServedTraffic.Role role, Optional<String> adapter, List<Answer> answers) {
    return new ServedTraffic(name, role, adapter, answers);
  }

  private static Estimate value(Quality quality, Figure figure) {
    return quality.figure(figure).orElseThrow();
  }

  private static DirectionPipeline pipeline() {
    return new DirectionPipeline(decoder, SETTINGS, Progress.silent());
  }

  private static ActivationCollector collector() {
    return new ActivationCollector(decoder, Progress.silent());
  }
}
