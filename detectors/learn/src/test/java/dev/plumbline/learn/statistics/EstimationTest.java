package dev.plumbline.learn.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.stats.CovarianceAccumulator;
import dev.plumbline.core.stats.MeanAccumulator;
import dev.plumbline.core.stats.Moments;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Planted truths: each estimator where it should succeed, and where another should not. */
class EstimationTest {
  private static final int D = 48;
  private static final double COSINE = 0.99;
  private static final Direction PLANTED = RandomDirection.unit(D, 77);

  private final Random random = new Random(3);

  /**
   * The mean of n vectors errs by σ in every component over √n, so cos² = Δ²/(Δ² + D σ²(1/n₊ +
   * 1/n₋)), and cosine c needs D σ²(1/n₊ + 1/n₋) ≤ Δ²(1/c² − 1): with n tokens a class, n = 2 D σ²
   * / (Δ²(1/c² − 1)). Taken 1.5 times, for the expectation is passed by half of all draws.
   */
  private static int needed(double delta, double sigma, double classesPerToken) {
    return (int)
        Math.ceil(
            1.5
                * (1 + classesPerToken)
                * D
                * sigma
                * sigma
                / (delta * delta * (1 / (COSINE * COSINE) - 1)));
  }

  @Test
  void meanDifference_underHeavyTokenNoise_findsThePlantedDirectionAtTheDerivedN() {
    int n = needed(0.5, 1, 1);
    Moments positive = noisy(n, 0.25, 1);
    Moments negative = noisy(n, -0.25, 1);
    assertThat(cosine(unpaired(positive, negative).meanDifference())).isGreaterThan(COSINE);
    int few = n / 50;
    assertThat(cosine(unpaired(noisy(few, 0.25, 1), noisy(few, -0.25, 1)).meanDifference()))
        .isLessThan(COSINE);
  }

  @Test
  void meanDifference_underClassImbalance_findsThePlantedDirection() {
    int rare = needed(1, 1, 1.0 / 20);
    Moments positive = noisy(rare, 0.5, 1);
    Moments negative = noisy(20 * rare, -0.5, 1);
    assertThat(cosine(unpaired(positive, negative).meanDifference())).isGreaterThan(COSINE);
  }

  @Test
  void paired_underAPromptConfound_cancelsWhatThePromptShares_unpairedDoesNot() {
    Moments positive = new MeanAccumulator(D);
    Moments negative = new MeanAccumulator(D);
    Moments pairs = new MeanAccumulator(D);
    for (int prompt = 0; prompt < 400; prompt++) {
      // Prompts far along another direction are answered badly nine times in ten.
      boolean bad = prompt % 2 == 0;
      double[] offset = RandomDirection.unit(D, 5).addTo(gaussian(2), bad ? 4 : -4);
      double[] mean = new double[D];
      int badAnswers = bad ? 9 : 1;
      for (int i = 0; i < 10; i++) {
        double[] h = PLANTED.addTo(plus(offset, gaussian(0.3)), i < badAnswers ? 1 : 0);
        (i < badAnswers ? positive : negative).add(h);
        double share = i < badAnswers ? 1.0 / badAnswers : -1.0 / (10 - badAnswers);
        for (int k = 0; k < D; k++) {
          mean[k] += share * h[k];
        }
      }
      pairs.add(mean);
    }
    assertThat(cosine(unpaired(positive, negative).meanDifference())).isLessThan(0.5);
    Estimation paired = new Estimation(positive, negative, Optional.of(pairs), 0);
    assertThat(cosine(paired.meanDifference())).isGreaterThan(COSINE);
  }

  /** Classes that differ by Σw are best told apart along w, not along their difference. */
  @Test
  void whitened_underAnisotropicNoise_findsWhatSeparates_meanDifferenceDoesNot() {
    double[] variance = new double[D];
    double[] difference = new double[D];
    for (int i = 0; i < D; i++) {
      variance[i] = i % 4 == 0 ? 25 : 0.25;
      difference[i] = variance[i] * PLANTED.exact()[i];
    }
    Moments positive = new CovarianceAccumulator(D);
    Moments negative = new CovarianceAccumulator(D);
    for (int n = 0; n < n(variance); n++) {
      double[] h = new double[D];
      for (int i = 0; i < D; i++) {
        h[i] = random.nextGaussian() * Math.sqrt(variance[i]) + (n % 2 == 0 ? difference[i] : 0);
      }
      (n % 2 == 0 ? positive : negative).add(h);
    }
    Estimation estimation = unpaired(positive, negative);
    assertThat(cosine(estimation.vector(Estimator.WHITENED))).isGreaterThan(COSINE);
    assertThat(cosine(estimation.vector(Estimator.MEAN_DIFFERENCE))).isLessThan(0.9);
  }

  /**
   * |w| = 1, and w errs by tr Σ⁻¹/n times 4 (of the difference, n/2 a class) + wᵀΣw (of Σ itself):
   * for the cosine that is to be below 1/c² − 1; 1.5 times.
   */
  private static int n(double[] variance) {
    double inverse = 0;
    double along = 0;
    for (int i = 0; i < D; i++) {
      inverse += 1 / variance[i];
      along += variance[i] * PLANTED.exact()[i] * PLANTED.exact()[i];
    }
    return (int) (1.5 * (4 + along) * inverse / (1 / (COSINE * COSINE) - 1));
  }

  /** Fewer vectors than D: Σ is singular and only the ridge makes it invertible. */
  @Test
  void whitened_singularCovariance_needsTheRidge() {
    Moments positive = filled(new CovarianceAccumulator(D), 10, 1, 1);
    Moments negative = filled(new CovarianceAccumulator(D), 10, -1, 1);
    Estimation bare = new Estimation(positive, negative, Optional.empty(), 0);
    assertThatThrownBy(() -> bare.vector(Estimator.WHITENED))
        .hasMessageContaining("raise the ridge");
    assertThat(unpaired(positive, negative).vector(Estimator.WHITENED)).doesNotContain(Double.NaN);
  }

  /** Hazard: PCA recentring erases the mean difference. Here it is all there is to find. */
  @Test
  void principalComponent_ofPairs_isTheirMeanDirection_recentringWouldEraseIt() {
    CovarianceAccumulator pairs = new CovarianceAccumulator(D);
    Direction loud = RandomDirection.unit(D, 31);
    for (int n = 0; n < 4000; n++) {
      double[] shared = loud.addTo(gaussian(0.2), random.nextGaussian());
      pairs.add(PLANTED.addTo(shared, 2));
    }
    Estimation estimation = new Estimation(pairs, pairs, Optional.of(pairs), 0);
    assertThat(cosine(estimation.vector(Estimator.PRINCIPAL_COMPONENT))).isGreaterThan(0.95);
    double[] recentred = LeadingComponent.of(pairs.covariance(), pairs.mean());
    assertThat(Math.abs(cosine(recentred))).isLessThan(0.5);
    assertThat(Math.abs(Direction.of(recentred).cosine(loud))).isGreaterThan(0.95);
  }

  @Test
  void principalComponent_ofPairsOfManyStrengths_isPlantedAndHasTheMeansSign() {
    for (int sign : new int[] {1, -1}) {
      Moments pairs = new CovarianceAccumulator(D);
      for (int n = 0; n < 4000; n++) {
        pairs.add(PLANTED.addTo(gaussian(0.5), sign * (0.2 + 4 * random.nextDouble())));
      }
      double[] found =
          new Estimation(pairs, pairs, Optional.of(pairs), 0).vector(Estimator.PRINCIPAL_COMPONENT);
      assertThat(sign * cosine(found)).isGreaterThan(COSINE);
    }
  }

  @Test
  void principalComponent_withoutPairsOrCovariances_isRefused() {
    Moments plain = noisy(10, 1, 1);
    assertThatThrownBy(() -> unpaired(plain, plain).vector(Estimator.PRINCIPAL_COMPONENT))
        .hasMessageContaining("paired differences");
    assertThatThrownBy(() -> unpaired(plain, plain).vector(Estimator.WHITENED))
        .hasMessageContaining("in full");
  }

  private Moments noisy(int n, double along, double sigma) {
    return filled(new MeanAccumulator(D), n, along, sigma);
  }

  private Moments filled(Moments into, int n, double along, double sigma) {
    for (int i = 0; i < n; i++) {
      into.add(PLANTED.addTo(gaussian(sigma), along));
    }
    return into;
  }

  private double[] gaussian(double sigma) {
    return random.doubles(D).map(u -> sigma * random.nextGaussian()).toArray();
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  private static Estimation unpaired(Moments positive, Moments negative) {
    return new Estimation(positive, negative, Optional.empty(), Estimation.RIDGE);
  }

  private static double cosine(double[] vector) {
    return Direction.of(vector).cosine(PLANTED);
  }
}
