package dev.plumbline.learn.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.stats.GroupFolds;
import dev.plumbline.core.stats.Hsic;
import dev.plumbline.learn.data.Statement;
import dev.plumbline.learn.dynamics.CheckpointReading.Plane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckpointStudyTest {
  private static final DynamicsSettings SETTINGS = DynamicsSettings.of(1);
  private final Dimension dimension = Planted.dimension("planted");
  private final PreparedDimension prepared = new PreparedDimension(dimension, SETTINGS);

  @Test
  void scores_ofPlantedLabels_readThem_andOfShuffledOnesNothing() {
    double[][] states = Planted.states(dimension, 3, 1);

    assertThat(share(states, prepared.fit().labels(), false)).isGreaterThan(0.97);
    assertThat(share(states, prepared.shuffled().labels(), true)).isBetween(0.38, 0.62);
    assertThat(share(Planted.states(dimension, 0, 2), prepared.fit().labels(), false))
        .isBetween(0.38, 0.62);
  }

  private double share(double[][] states, boolean[] labels, boolean shuffled) {
    double[] scores =
        CheckpointStudy.scores(states, shuffled ? prepared.shuffled() : prepared.fit());
    return IntStream.of(prepared.correct(scores, labels)).sum() / (double) labels.length;
  }

  @Test
  void scores_standardisedOnTrainingRowsOnly_doNotMoveWithHeldOutRows() {
    double[][] states = Planted.states(dimension, 1, 3);
    double[] before = CheckpointStudy.scores(states, prepared.fit());
    int[] fold = GroupFolds.assign(dimension.groups(), SETTINGS.folds(), SETTINGS.seed());
    int outlier = 5;
    states[outlier][0] += 1e6;
    double[] after = CheckpointStudy.scores(states, prepared.fit());

    int moved = 0;
    for (int i = 0; i < fold.length; i++) {
      if (fold[i] == fold[outlier] && i != outlier) {
        assertThat(after[i]).isEqualTo(before[i]);
      } else {
        moved += after[i] == before[i] ? 0 : 1;
      }
    }
    assertThat(moved).isGreaterThan(fold.length / 2);
  }

  @Test
  void plane_ofPlantedLabels_liesBetweenNullAndCeiling() {
    double[][] first = Planted.states(dimension, 0, 4);
    InformationPlane plane = new InformationPlane(prepared, Hsic.PUBLISHED, first);
    Plane known = plane.at(1, Planted.states(dimension, 3, 5));
    Plane same = plane.at(0, first);

    assertThat(known.labelCeiling()).isCloseTo(0.909, within(1e-3));
    assertThat(known.withLabel())
        .isGreaterThan(5 * known.labelNullHigh())
        .isLessThan(known.labelCeiling());
    assertThat(known.withInput()).isLessThan(3 * known.inputChance());
    assertThat(same.withInput()).isGreaterThan(10 * same.inputChance());
    assertThat(same.withLabel()).isLessThan(2 * same.labelNullHigh());
  }

  @Test
  void surface_ofCasePerturbedCopies_isReadFromCharactersAndShapeAlone() {
    List<Statement> rows = new ArrayList<>();
    Random random = new Random(6);
    for (int i = 0; i < 80; i++) {
      StringBuilder text = new StringBuilder();
      for (int w = 0; w < 8; w++) {
        text.append("abcdefgh".charAt(random.nextInt(8))).append("word").append(w).append(' ');
      }
      rows.add(new Statement(text.toString().strip(), false, Optional.empty(), i));
      rows.add(new Statement(text.toString().strip().replace('w', 'W'), true, Optional.empty(), i));
    }
    PreparedDimension cased =
        new PreparedDimension(new Dimension("cased", "robustness", "x", rows, false), SETTINGS);
    Surface.OfDimension found = Surface.of(cased);

    assertThat(right(found, 0, rows.size())).isLessThan(0.6);
    assertThat(right(found, 1, rows.size())).isGreaterThan(0.98);
    assertThat(right(found, 2, rows.size())).isGreaterThan(0.98);
  }

  private static double right(Surface.OfDimension found, int baseline, int rows) {
    return IntStream.of(found.baselines().get(baseline).correct()).sum() / (double) rows;
  }

  @Test
  void steeringVector_ofPlantedClasses_isTheirDifferenceWithTheSpreadOfAllRows() {
    double[][] states = Planted.states(dimension, 5, 7);
    int[] rows = IntStream.range(0, states.length / 2).toArray();
    double[] axis = new double[Planted.WIDTH];
    axis[0] = 1;
    SteeringVector up = SteeringVector.of(states, dimension.labels(), rows, true);
    SteeringVector down = SteeringVector.of(states, dimension.labels(), rows, false);

    assertThat(up.unit().cosine(Direction.of(axis))).isGreaterThan(0.99);
    assertThat(down.unit().cosine(up.unit())).isCloseTo(-1, within(1e-6));
    assertThat(up.spread()).isCloseTo(Math.sqrt(25 + 1), within(0.5));
  }
}
