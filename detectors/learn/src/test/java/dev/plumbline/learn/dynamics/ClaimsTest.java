package dev.plumbline.learn.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.learn.dynamics.CheckpointReading.OfDimension;
import dev.plumbline.learn.dynamics.CheckpointReading.Plane;
import dev.plumbline.learn.dynamics.CheckpointReading.Probe;
import dev.plumbline.learn.dynamics.SteeringFindings.Cell;
import dev.plumbline.learn.dynamics.SteeringFindings.Tested;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static final long[] STEPS = {0, 100, 200, 500, 1000};

  @Test
  void probeEarly_ofAccuracyThatRisesAtOnce_agreesWithItsShare() {
    ClaimFinding fast =
        ProbeClaims.early(series(new double[] {.5, .6, .9, .9, .9}, 1, flat(), flat()));
    ClaimFinding slow =
        ProbeClaims.early(series(new double[] {.5, .5, .55, .7, .9}, 1, flat(), flat()));

    assertThat(fast.agrees()).isTrue();
    assertThat(fast.figure().orElseThrow().value()).isCloseTo(1, within(0.02));
    assertThat(slow.agrees()).isFalse();
    assertThat(slow.figure().orElseThrow().value()).isCloseTo(0.125, within(0.05));
    assertThat(slow.control()).isCloseTo(0, within(0.02));
  }

  @Test
  void probeClaims_ofProbesThatNeverBeatTheText_areUnmeasured() {
    Trajectories nothing = series(new double[] {.5, .5, .5, .5, .5}, 1, flat(), flat());

    assertThat(ProbeClaims.early(nothing).figure()).isEmpty();
    assertThat(ProbeClaims.middle(nothing).agrees()).isFalse();
    assertThat(nothing.decodable()).isEmpty();
  }

  @Test
  void probeMiddle_ofABestLayerInsideOrAtTheEnd_saysWhich() {
    double[] rising = {.5, .6, .9, .9, .9};

    assertThat(ProbeClaims.middle(series(rising, 1, flat(), flat())).agrees()).isTrue();
    assertThat(ProbeClaims.middle(series(rising, 2, flat(), flat())).agrees()).isFalse();
  }

  @Test
  void fitCompress_ofAPeakInside_agrees_andOfARiseToTheEndDoesNot() {
    double[] steady = {.5, .6, .9, .9, .9};
    double[] peaked = {9, .3, .6, .5, .4};
    double[] rising = {0, .3, .4, .5, .6};
    ClaimFinding inside = PlaneClaims.fitCompress(series(steady, 1, peaked, flat()));

    assertThat(inside.agrees()).isTrue();
    assertThat(inside.figure().orElseThrow().value()).isCloseTo(0.2, within(1e-9));
    assertThat(PlaneClaims.fitCompress(series(steady, 1, rising, flat())).agrees()).isFalse();
  }

  @Test
  void labelRises_ofARiseAboveTheNull_agrees() {
    double[] steady = {.5, .6, .9, .9, .9};

    assertThat(PlaneClaims.labelRises(series(steady, 1, flat(), new double[] {0, .1, .2, .5, .6})))
        .extracting(ClaimFinding::agrees)
        .isEqualTo(true);
    assertThat(PlaneClaims.labelRises(series(steady, 1, flat(), flat())).agrees()).isFalse();
  }

  @Test
  void steeringClaims_ofAPushThatBreaksAnswers_doNotAgree() {
    SteeringFindings breaks = findings(new int[] {0, 20}, new int[] {10, 0}, new int[] {18, 0});
    SteeringFindings mends = findings(new int[] {2, 1}, new int[] {10, 0}, new int[] {18, 0});

    assertThat(breaks.helps(1).agrees()).isFalse();
    assertThat(breaks.beatsOwn(1).agrees()).isFalse();
    assertThat(mends.helps(1).agrees()).isTrue();
    assertThat(mends.beatsOwn(1).agrees()).isTrue();
    assertThat(mends.helps(1).figure().orElseThrow().value()).isCloseTo(0.75, within(1e-9));
  }

  /** Misaligned and incoherent of 20 answers in each of six topics. */
  private static SteeringFindings findings(int[] checkpoint, int[] own, int[] random) {
    return new SteeringFindings(
        "finetune",
        "step-1",
        SteeringSettings.Positions.LAST_PROMPT_ON,
        List.of(),
        List.of(
            tested("none", 18, 0),
            tested("checkpoint", checkpoint[0], checkpoint[1]),
            tested("own", own[0], own[1]),
            tested("random", random[0], random[1])));
  }

  private static Tested tested(String source, int misaligned, int incoherent) {
    int[] all = new int[6];
    int[] bad = new int[6];
    int[] broken = new int[6];
    Arrays.fill(all, 20);
    Arrays.fill(bad, misaligned);
    Arrays.fill(broken, incoherent);
    return new Tested(new Cell(source, "d", 1, 1, 0, 0, 0), all, bad, broken);
  }

  private static double[] flat() {
    return new double[] {.3, .3, .3, .3, .3};
  }

  /** Two dimensions, three layers, one of them as accurate as said and the others less. */
  private static Trajectories series(
      double[] accuracy, int bestLayer, double[] withInput, double[] withLabel) {
    List<PreparedDimension> dimensions =
        List.of("one", "two").stream()
            .map(name -> new PreparedDimension(Planted.dimension(name), DynamicsSettings.of(1)))
            .toList();
    int[] half = correct(0.5);
    List<Surface.OfDimension> surface =
        List.of("one", "two").stream()
            .map(n -> new Surface.OfDimension(n, List.of(new Surface.Baseline("words", half))))
            .toList();
    List<CheckpointReading> readings = new ArrayList<>();
    for (int c = 0; c < STEPS.length; c++) {
      int at = c;
      List<Probe> probes =
          IntStream.range(0, 3)
              .mapToObj(
                  l -> {
                    double own = l == bestLayer ? accuracy[at] : (accuracy[at] + 0.5) / 2;
                    return new Probe(l, Pooling.LAST, correct(own), half);
                  })
              .toList();
      List<Plane> planes =
          IntStream.range(0, 3)
              .mapToObj(l -> new Plane(l, withInput[at], 1, .05, withLabel[at], 1, .02, .05))
              .toList();
      readings.add(
          new CheckpointReading(
              "step-" + STEPS[c],
              STEPS[c],
              List.of(
                  new OfDimension("one", probes, planes), new OfDimension("two", probes, planes))));
    }
    return new Trajectories(dimensions, surface, readings, 1);
  }

  /** So many of eight rows in each group, fractions spread over the groups. */
  private static int[] correct(double share) {
    int[] correct = new int[Planted.GROUPS];
    for (int g = 0; g < correct.length; g++) {
      double until = share * Planted.EACH * (g + 1);
      correct[g] = (int) Math.round(until) - (int) Math.round(until - share * Planted.EACH);
    }
    return correct;
  }
}
