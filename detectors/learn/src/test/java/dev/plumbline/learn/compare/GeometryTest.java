package dev.plumbline.learn.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cosines, components and turns of solutions whose geometry is known. */
class GeometryTest {
  @Test
  void cosines_knownWriters_areThoseOfTheVectors() {
    Gram gram =
        Gram.ofWriters(
            List.of(
                Planted.writing("x", 2, 0, 0),
                Planted.writing("y", 0, 3, 0),
                Planted.writing("xy", 1, 1, 0)));
    assertThat(gram.cosine(0, 1)).isZero();
    assertThat(gram.cosine(0, 2)).isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(gram.cosines()[2][2]).isCloseTo(1, within(1e-12));
  }

  @Test
  void components_pointsOnALineOffTheOrigin_haveOneAndKeepTheMeanOut() {
    List<Change> solutions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      solutions.add(Planted.writing("s" + i, 10 + i, 10, 10 - i));
    }
    Components components = Components.of(Gram.ofWriters(solutions));
    assertThat(components.shares()).hasSize(1);
    double first = components.coordinates().get(0).get(0);
    assertThat(first).isCloseTo(2 * Math.sqrt(2), within(1e-5));
    assertThat(components.coordinates().get(4).get(0)).isCloseTo(-first, within(1e-5));
  }

  @Test
  void components_twoPlantedAxes_haveTheirShares() {
    Random random = new Random(3);
    List<Change> solutions = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      float u = (float) (3 * random.nextGaussian());
      float v = (float) random.nextGaussian();
      solutions.add(Planted.writing("s" + i, u, v, u + 1, -v));
    }
    Components components = Components.of(Gram.ofWriters(solutions));
    assertThat(components.share(2)).isCloseTo(1, within(1e-9));
    assertThat(components.shares().get(0)).isCloseTo(0.9, within(0.03));
  }

  @Test
  void sharpest_pathWithOneCorner_isAtTheCorner() {
    TrainingPath path = corner(12);
    assertThat(path.sharpest(3, 0.5)).contains(new TrainingPath.Turn(120, 0));
    assertThat(path.turns(3, 0.5).get(0).cosine()).isCloseTo(-1, within(1e-9));
    assertThat(path.reach()).isCloseTo(12 * Math.sqrt(2), within(1e-5));
  }

  @Test
  void turns_stepsBelowTheThreshold_areLeftOut() {
    assertThat(corner(12).turns(3, 3.1)).isEmpty();
    assertThat(corner(12).turns(3, 2.1)).hasSize(19);
  }

  /** Along one axis, then along another, by 1 every ten steps of training. */
  private static TrainingPath corner(int each) {
    List<Integer> steps = new ArrayList<>();
    List<Change> solutions = new ArrayList<>();
    for (int i = 0; i <= 2 * each; i++) {
      steps.add(10 * i);
      solutions.add(Planted.writing("at " + i, Math.min(i, each), Math.max(0, i - each), 0));
    }
    return new TrainingPath(steps, Gram.ofWriters(solutions));
  }
}
