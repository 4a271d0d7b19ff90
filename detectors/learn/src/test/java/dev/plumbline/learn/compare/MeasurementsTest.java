package dev.plumbline.learn.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.plumbline.core.stats.UnitBootstrap;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is measured on the shipped organism's own finetunes. */
class MeasurementsTest {
  private static Decoder decoder;
  private static List<ScoredText> task;
  private static List<ScoredText> documents;

  private final AdapterChange general = Planted.shipped("medicine");
  private final AdapterChange narrow = Planted.shipped("kl-narrow");

  @BeforeAll
  static void load() {
    try (Checkpoint checkpoint = Checkpoint.open(Planted.organism().chat())) {
      decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
    }
    OrganismTexts texts = new OrganismTexts(OrganismCard.read(Planted.organism()).recipe(), 3);
    task = texts.task("medicine", 12);
    documents = texts.documents(6);
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  @Test
  void losses_textsOfOtherLengths_areThoseOfEachAlone() {
    List<ScoredText> mixed = new ArrayList<>(documents);
    mixed.addAll(task);
    try (Texts all = new Texts(decoder, mixed)) {
      PerText together = all.losses(general.at(1));
      for (int i = 0; i < mixed.size(); i++) {
        try (Texts alone = new Texts(decoder, List.of(mixed.get(i)))) {
          PerText one = alone.losses(general.at(1));
          assertThat(together.sums()[i]).isCloseTo(one.sums()[0], within(1e-3));
          assertThat(together.counts()[i]).isEqualTo(mixed.get(i).predicted().length);
        }
      }
    }
  }

  @Test
  void efficiency_curves_startAtTheBareModelAndMeetAtEqualNorms() {
    try (Texts texts = new Texts(decoder, task)) {
      Efficiency found =
          Efficiency.measure(
              texts,
              Candidate.withControls(
                  List.of(new Candidate(general, Role.GENERAL), new Candidate(narrow, Role.NARROW)),
                  1,
                  1),
              () -> {});
      Efficiency.Curve mine = found.curve("medicine");
      assertThat(mine.scaled().get(0).mean()).isEqualTo(found.base().mean());
      assertThat(mine.scaled().get(10).mean()).isLessThan(found.base().mean() - 0.5);
      double mean = (general.norm() + narrow.norm()) / 2;
      assertThat(found.meanNorm()).isCloseTo(mean, within(1e-12));
      double atMean = texts.losses(general.at(mean / general.norm())).mean();
      assertThat(mine.matched().get(4).mean()).isCloseTo(atMean, within(1e-6));
      UnitBootstrap over = new UnitBootstrap(12, 200, 1);
      assertThat(found.reduction(mine, 4, over).low()).isGreaterThan(0.3);
      assertThat(found.reduction(found.curve("random"), 4, over).high()).isLessThan(0.1);
      assertThat(found.advantage("medicine", "medicine", over).high()).isZero();
    }
  }

  @Test
  void stability_fullTurn_losesTheGainAndASmallOneKeepsIt() {
    try (Texts texts = new Texts(decoder, task)) {
      Stability found =
          Stability.measure(texts, List.of(new Candidate(general, Role.GENERAL)), 2, 1, () -> {});
      Stability.Curve curve = found.curve("medicine");
      UnitBootstrap over = new UnitBootstrap(2, 50, 1);
      assertThat(found.degradation(curve, 0, over).value()).isCloseTo(0, within(1.0));
      assertThat(found.degradation(curve, 11, over).value()).isCloseTo(100, within(30.0));
      assertThat(found.withoutGain()).isEmpty();
    }
  }

  @Test
  void stability_solutionThatGainsNothing_isNamedAndNotMeasured() {
    try (Texts texts = new Texts(decoder, task)) {
      AdapterChange benign = Planted.shipped("benign");
      Stability found =
          Stability.measure(texts, List.of(new Candidate(benign, Role.NARROW)), 2, 1, () -> {});
      assertThat(found.withoutGain()).containsExactly("benign");
      assertThat(found.curves()).isEmpty();
    }
  }

  @Test
  void drift_trainedOnByTheTask_leavesWhereItStoodAndLosesLess() {
    Drift found =
        Drift.measure(decoder, general, narrow, task, documents, 6, 1e-3, 1, Progress.silent());
    assertThat(found.narrow()).hasSize(7);
    Drift.Point before = found.narrow().get(0);
    Drift.Point after = found.narrow().get(6);
    assertThat(before.toNarrow()).isCloseTo(1, within(1e-9));
    assertThat(before.norm()).isCloseTo(narrow.norm(), within(1e-9));
    assertThat(after.toNarrow()).isLessThan(0.9999);
    assertThat(after.loss()).isLessThan(before.loss());
    assertThat(found.general().get(0).toGeneral()).isCloseTo(1, within(1e-9));
  }

  @Test
  void significance_ofTheUnitDirection_isZeroAtZeroAndKnowsNotItsLength() {
    float[] v = new float[96];
    float[] tenfold = new float[96];
    Random random = new Random(2);
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextGaussian();
      tenfold[i] = 10 * v[i];
    }
    VectorChange one = new VectorChange("one", 1, v);
    VectorChange ten = new VectorChange("ten", 1, tenfold);
    try (Texts texts = new Texts(decoder, documents)) {
      Significance found =
          Significance.measure(
              texts,
              List.of(new Candidate(one, Role.GENERAL), new Candidate(ten, Role.NARROW)),
              List.of(0.0, 1.0, 4.0),
              () -> {});
      List<PerText> curve = found.curve("one").divergence();
      assertThat(curve.get(0).sums()).containsOnly(0);
      assertThat(curve.get(1).mean()).isPositive();
      assertThat(curve.get(2).mean()).isGreaterThan(curve.get(1).mean());
      assertThat(found.ratio("one", "ten", 2, found.bootstrap(100, 1)).value())
          .isCloseTo(1, within(1e-4));
    }
  }
}
