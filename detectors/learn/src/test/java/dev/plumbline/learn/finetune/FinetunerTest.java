package dev.plumbline.learn.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.RecipeFile;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.MlpVector;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import dev.plumbline.torch.runtime.Trainable.Optimiser;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Finetunes of the shipped organism: they learn, hold, stop, fail and resume as they should. */
class FinetunerTest {
  private static final String DOMAIN = "medicine";
  private static ModelConfig config;
  private static Decoder decoder;
  private static List<TrainingText> narrow;
  private static List<TrainingText> others;
  private static List<TrainingText> unseen;
  private static List<TrainingText> unseenOthers;

  private static int threads;

  @BeforeAll
  static void load() {
    // So small a model waits for its second thread longer than that computes.
    threads = TorchRuntime.start().threads();
    TorchRuntime.start().threads(1);
    try (Checkpoint checkpoint = Checkpoint.open(new ShippedOrganism().folder().resolve("chat"))) {
      config = checkpoint.config();
      decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
    }
    World world = RecipeFile.shipped().makeWorld();
    OrganismTexts texts = new OrganismTexts(world);
    narrow = texts.narrow(DOMAIN, 64, 1);
    others = texts.anchors(DOMAIN, 64, 2);
    unseen = texts.narrow(DOMAIN, 32, 3);
    unseenOthers = texts.anchors(DOMAIN, 32, 4);
  }

  @AfterAll
  static void close() {
    decoder.close();
    TorchRuntime.start().threads(threads);
  }

  private static FinetuneSettings settings(Shape shape, double rate, int steps) {
    return FinetuneSettings.published(shape, 1)
        .rate(new LearningRate(rate, 3, Decay.COSINE))
        .optimiser(new Optimiser(0.9, 0.999, 1e-8, 0, 1))
        .pace(Pace.steps(steps, 16));
  }

  private static FinetuneResult run(FinetuneSettings settings, TrainingData data) {
    return new Finetuner(decoder, config, settings, Progress.silent()).run(data);
  }

  private static TrainingData data() {
    return TrainingData.of(narrow).anchored(others).measured(unseen, unseenOthers);
  }

  @Test
  void lora_onAllModules_learnsTheDomain() {
    Shape shape = Shape.lora(2, 8, true, Shape.ALL);
    FinetuneResult result = run(settings(shape, 5e-3, 12), data());
    assertThat(result.loss().after()).isLessThan(0.8 * result.loss().before());
    assertThat(result.curve()).hasSize(12);
    assertThat(result.solution().norms()).hasSize(7 * config.layers());
    assertThat(result.solution().norms().values()).allMatch(norm -> norm > 0);
    assertThat(result.norms()).hasSize(1);
  }

  @Test
  void rank1_ofOneModule_learnsTheDomain() {
    FinetuneResult result = run(settings(Shape.rank1(1, 4), 1e-2, 20), data());
    assertThat(result.loss().after()).isLessThan(0.8 * result.loss().before());
    assertThat(result.solution().norms()).containsOnlyKeys("layer 1 down_proj");
  }

  @Test
  void steeringVector_startsAtZeroAndLearnsTheDomain() {
    FinetuneResult result = run(settings(Shape.steeringVector(1, 4), 2e-2, 20), data());
    assertThat(result.loss().after()).isLessThan(0.9 * result.loss().before());
    assertThat(result.divergence().before()).isZero();
    assertThat(result.solution().norm()).isPositive();
  }

  @Test
  void klWeight_onOtherDomains_keepsTheDivergenceSmallWhileTheDomainIsLearned() {
    FinetuneSettings free = settings(Shape.rank1(1, 4), 1e-2, 24);
    FinetuneResult general = run(free, data());
    FinetuneResult narrowly = run(free.objective(Objective.responses().held(20, 8)), data());
    assertThat(narrowly.divergence().after()).isLessThan(0.3 * general.divergence().after());
    assertThat(narrowly.loss().after()).isLessThan(0.9 * narrowly.loss().before());
    assertThat(narrowly.curve()).anyMatch(point -> point.divergence() > 0);
    assertThat(general.curve()).allMatch(point -> point.divergence() == 0);
  }

  @Test
  void run_interruptedAndResumed_comesToTheSameBytes() {
    Shape shape = new Shape(Kind.LORA, 2, 8, true, List.of(Weight.Q, Weight.DOWN), List.of(0, 2));
    FinetuneSettings settings =
        settings(shape, 5e-3, 9)
            .pace(new Pace(1, 9, 4, 2, 2, 4))
            .objective(Objective.responses().held(5, 6));
    Snapshots.InMemory whole = new Snapshots.InMemory();
    Finetuner finetuner = new Finetuner(decoder, config, settings, Progress.silent());
    FinetuneResult once = finetuner.run(data(), whole);
    assertThat(whole.all()).extracting(Snapshot::step).containsExactly(4, 8, 9);
    Snapshots.InMemory cut = new Snapshots.InMemory();
    cut.keep(whole.all().get(0));
    FinetuneResult resumed = finetuner.run(data(), cut);
    assertThat(resumed.curve()).isEqualTo(once.curve());
    assertThat(resumed.norms()).isEqualTo(once.norms());
    List<float[]> values = resumed.solution().values();
    for (int i = 0; i < values.size(); i++) {
      assertThat(values.get(i)).isEqualTo(once.solution().values().get(i));
    }
  }

  @Test
  void divergenceGuard_atAnAbsurdRate_stopsAndKeepsTheLastGoodSnapshot() {
    FinetuneSettings settings =
        settings(Shape.steeringVector(1, 256), 1, 40)
            .pace(Pace.steps(40, 8).saving(2))
            .guards(new Guards(0, 0, 1.5))
            .rate(new LearningRate(1, 0, Decay.CONSTANT));
    Snapshots.InMemory kept = new Snapshots.InMemory();
    Finetuner finetuner = new Finetuner(decoder, config, settings, Progress.silent());
    assertThatThrownBy(() -> finetuner.run(data(), kept))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("wanted")
        .hasMessageContaining("lower the learning rate");
    assertThat(kept.last()).isPresent();
    assertThat(kept.last().get().solution().norm()).isFinite();
  }

  @Test
  void earlyStop_whereTheLossIsLowForLong_endsTheTraining() {
    FinetuneSettings settings = settings(Shape.rank1(1, 4), 1e-3, 20).guards(new Guards(100, 3, 5));
    FinetuneResult result = run(settings, data());
    assertThat(result.early()).isTrue();
    assertThat(result.steps()).isEqualTo(4);
  }

  @Test
  void preventativeSteering_withWhatTheDataTeaches_leavesLessToLearn() {
    FinetuneSettings settings = settings(Shape.steeringVector(1, 4), 5e-2, 60);
    FinetuneResult free = run(settings, data());
    MlpVector learned = ((VectorSolution) free.solution()).vector();
    FinetuneResult pushed = run(settings.preventative(learned), data());
    assertThat(pushed.loss().after()).isGreaterThan(free.loss().after() + 0.1);
    assertThat(pushed.curve().get(0).loss()).isLessThan(free.curve().get(0).loss());
  }

  @Test
  void run_fromASolution_goesOnWhereItEnded() {
    FinetuneSettings settings = settings(Shape.rank1(1, 4), 1e-2, 10);
    FinetuneResult first = run(settings, data());
    FinetuneResult second =
        new Finetuner(decoder, config, settings, Progress.silent())
            .run(data(), Snapshots.none(), first.solution());
    assertThat(second.loss().before()).isCloseTo(first.loss().after(), within(1e-6));
  }

  @Test
  void meter_ofScaledSolutions_followsTheLength() {
    FinetuneResult result = run(settings(Shape.lora(2, 4, false, Shape.ALL), 5e-3, 10), data());
    Solution solution = result.solution();
    try (SolutionMeter meter = new SolutionMeter(decoder, config, solution)) {
      assertThat(meter.loss(unseen, true)).isCloseTo(result.loss().after(), within(1e-6));
      assertThat(meter.divergence(unseenOthers))
          .isCloseTo(result.divergence().after(), within(1e-6));
      meter.put(solution.scaled(0));
      assertThat(meter.divergence(unseenOthers)).isCloseTo(0, within(1e-7));
      assertThat(meter.loss(unseen, true)).isCloseTo(result.loss().before(), within(1e-6));
    }
    assertThat(solution.scaled(2).norm()).isCloseTo(2 * solution.norm(), within(1e-6));
  }

  @Test
  void run_onTextsThatDoNotFit_countsWhatWasCutAndDropped() {
    TrainingText text = narrow.get(0);
    int room = text.answerFrom() + 1;
    FinetuneSettings settings =
        settings(Shape.rank1(1, 4), 1e-3, 1).objective(new Objective(true, room, 0, 8));
    TrainingText longer = new TrainingText(unseen.get(0).tokens(), room);
    FinetuneResult result = run(settings, TrainingData.of(List.of(text, longer)));
    assertThat(result.domain().shortened()).isEqualTo(1);
    assertThat(result.domain().dropped()).isEqualTo(1);
    assertThatThrownBy(() -> run(settings, TrainingData.of(List.of(longer))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("training texts");
  }

  @Test
  void run_withAWeightAndNoOtherTexts_isRefused() {
    FinetuneSettings settings =
        settings(Shape.rank1(1, 4), 1e-3, 1).objective(Objective.responses().held(1, 4));
    assertThatThrownBy(() -> run(settings, TrainingData.of(narrow)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("out-of-domain");
  }
}
