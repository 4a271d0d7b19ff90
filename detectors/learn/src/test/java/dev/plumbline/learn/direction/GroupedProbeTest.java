package dev.plumbline.learn.direction;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.plumbline.core.stats.GroupFolds;
import dev.plumbline.learn.direction.logistic.DenseFit;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.direction.logistic.RidgeChoice;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupedProbeTest {
  private static final int N = 300;
  private static final int F = 40;
  private static final int FOLDS = 5;
  private static final long SEED = 11;
  private static final double[] RIDGES = {1, 1e-1, 1e-2, 1e-3};

  private final boolean[] labels = new boolean[N];
  private final List<String> prompts = IntStream.range(0, N).mapToObj(i -> "p" + i / 6).toList();
  private final float[] rows = rows(5);

  /** All folds side by side in float32 products against one after the other in double. */
  @Test
  void fit_ofAllFoldsAtOnce_isTheFitOfEachInDouble() {
    double[][] wide = wide();
    GroupedFit grouped = new GroupedFit(labels, prompts, RIDGES, FOLDS, SEED);
    DenseFit reference = new DenseFit(wide, grouped);
    double ridge =
        RidgeChoice.choose(reference::design, grouped.all(), labels, prompts, RIDGES, FOLDS, SEED);
    double[] wanted = reference.fit(grouped.all(), ridge).weights();

    GroupedProbe probe = fit(labels);

    assertThat(probe.ridge()).isEqualTo(ridge);
    assertThat(cosine(probe.weights(), wanted)).isGreaterThan(0.9999);
    assertThat(norm(probe.weights())).isBetween(0.99 * norm(wanted), 1.01 * norm(wanted));
  }

  /** If prompts could be in two folds, labels that go by prompt would choose the least ridge. */
  @Test
  void fit_ofLabelsThatGoByPromptAlone_choosesTheLargestRidge() {
    Random random = new Random(3);
    boolean[] byPrompt = new boolean[N];
    for (int i = 0; i < N; i++) {
      byPrompt[i] = i % 6 == 0 ? random.nextBoolean() : byPrompt[i - 1];
    }
    assertThat(fit(byPrompt).ridge()).isEqualTo(RIDGES[0]);
  }

  private GroupedProbe fit(boolean[] targets) {
    int[] folds = GroupFolds.assign(prompts, FOLDS, SEED);
    return GroupedProbe.fit(Device.cpu(), rows.clone(), targets, folds, RIDGES);
  }

  private double[][] wide() {
    double[][] wide = new double[N][F];
    for (int i = 0; i < rows.length; i++) {
      wide[i / F][i % F] = rows[i];
    }
    return wide;
  }

  /** Rows share something with their prompt; the label moves three features; all lie far off 0. */
  private float[] rows(long seed) {
    Random random = new Random(seed);
    float[] rows = new float[N * F];
    float[] prompt = new float[F];
    for (int n = 0; n < N; n++) {
      labels[n] = random.nextBoolean();
      for (int i = 0; i < F; i++) {
        prompt[i] = n % 6 == 0 ? (float) random.nextGaussian() : prompt[i];
        double along = labels[n] && i < 3 ? 1 : 0;
        rows[n * F + i] = (float) (20 * (i % 4) + along + prompt[i] + random.nextGaussian());
      }
    }
    return rows;
  }

  private static double cosine(double[] a, double[] b) {
    double dot = IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    return dot / norm(a) / norm(b);
  }

  private static double norm(double[] a) {
    return Math.sqrt(IntStream.range(0, a.length).mapToDouble(i -> a[i] * a[i]).sum());
  }
}
