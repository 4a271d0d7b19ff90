package dev.plumbline.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.calibrate.ScoreBaseline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Merging is exact: the merged sketch is the one that a single process would have counted. */
class SketchTest {
  private static long[] counts(List<Double> scores) {
    long[] counts = new long[Sketch.BINS];
    scores.forEach(score -> counts[Sketch.bin(score)]++);
    return counts;
  }

  @Test
  void merge_snapshotsInAnyOrderAnyTimes_isTheUnion() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<Double> all = new ArrayList<>();
      List<Sketch> said = new ArrayList<>();
      for (int process = 0; process < 3; process++) {
        for (int minute = 0; minute < 3; minute++) {
          List<Double> own = new ArrayList<>();
          for (int beat = 0; beat < 4; beat++) {
            for (int i = random.nextInt(5); i > 0; i--) {
              own.add(random.nextDouble());
            }
            said.add(Sketch.of(new Sketch.Cell("p" + process, minute), counts(own)));
          }
          all.addAll(own);
        }
      }
      said.addAll(said.subList(0, random.nextInt(said.size())));
      Collections.shuffle(said, random);
      Sketch merged = said.stream().reduce(Sketch.EMPTY, Sketch::merge);
      assertThat(merged.counts()).isEqualTo(counts(all));
      assertThat(merged.merge(merged)).isEqualTo(merged);
    }
  }

  @Test
  void quantile_ofManyScores_isWithinABin() {
    Random random = new Random(7);
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      scores.add(random.nextDouble() * random.nextDouble());
    }
    Sketch sketch = Sketch.of(new Sketch.Cell("p", 0), counts(scores));
    Collections.sort(scores);
    for (double share : new double[] {0.01, 0.5, 0.9, 0.99}) {
      double exact = scores.get((int) Math.ceil(share * scores.size()) - 1);
      assertThat(sketch.quantile(share)).isBetween(exact, exact + 1.0 / Sketch.BINS + 1e-12);
    }
    assertThat(Sketch.EMPTY.quantile(0.5)).isNaN();
  }

  @Test
  void distance_alignedTraffic_isSmall_andDriftedIsLarge() {
    Sigmoid sigmoid = new Sigmoid(1.5, -2);
    Random random = new Random(3);
    List<Double> aligned = new ArrayList<>();
    List<Double> drifted = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      double z = random.nextGaussian();
      aligned.add(sigmoid.score(z));
      drifted.add(sigmoid.score(z + 2));
    }
    AlignedScores baseline = new AlignedScores(sigmoid, Optional.empty());
    assertThat(Sketch.of(new Sketch.Cell("p", 0), counts(aligned)).distance(baseline))
        .isLessThan(1.63 / Math.sqrt(4000));
    // Two normals two deviations apart: 2 Φ(1) - 1.
    assertThat(Sketch.of(new Sketch.Cell("p", 0), counts(drifted)).distance(baseline))
        .isCloseTo(0.6827, within(0.03));
  }

  /** Nine in ten answers close together and a tail, as the shipped organism's are. */
  @Test
  void distance_fromMeasuredScores_isSmallWhereNoNormalDistributionFits() {
    Sigmoid sigmoid = new Sigmoid(1.5, -2);
    Random random = new Random(4);
    List<Double> before = tailed(random, sigmoid);
    Sketch now = Sketch.of(new Sketch.Cell("p", 0), counts(tailed(random, sigmoid)));
    ScoreBaseline measured =
        ScoreBaseline.of(before.stream().mapToDouble(Double::doubleValue).toArray());
    AlignedScores baseline = new AlignedScores(sigmoid, Optional.of(measured));
    assertThat(now.distance(new AlignedScores(sigmoid, Optional.empty()))).isGreaterThan(0.1);
    assertThat(now.distance(baseline)).isLessThan(0.04);
    for (int i = 0; i < ScoreBaseline.bounds().length; i++) {
      assertThat(baseline.applyAsDouble(ScoreBaseline.bounds()[i]))
          .isCloseTo(measured.shares()[i], within(1e-12));
    }
  }

  private static List<Double> tailed(Random random, Sigmoid sigmoid) {
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      double z = random.nextGaussian();
      scores.add(sigmoid.score(random.nextInt(10) > 0 ? 0.6 * z - 0.3 : z + 2.5));
    }
    return scores;
  }

  @Test
  void normal_knownValues_areMet() {
    assertThat(AlignedScores.normal(0)).isCloseTo(0.5, within(1e-7));
    assertThat(AlignedScores.normal(1.959964)).isCloseTo(0.975, within(1e-6));
    assertThat(AlignedScores.normal(-1.959964)).isCloseTo(0.025, within(1e-6));
  }
}
