package dev.plumbline.learn.direction.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.direction.logistic.SparseDesign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextBaselineTest {
  @Test
  void vectors_areTfIdfOfTrainingRowsAtLengthOne() {
    Documents documents = new Documents(List.of("a a b", "b a", "c", "zebra a"));
    SparseDesign design = documents.vectors(new int[] {0, 1, 2}, new int[] {0, 2, 3});
    double a = 2 * (Math.log(4 / 3.0) + 1);
    double b = Math.log(4 / 3.0) + 1;
    double[] unit = new double[design.columns()];
    unit[0] = 1;
    assertThat(design.dot(0, unit)).isCloseTo(a / Math.hypot(a, b), within(1e-12));
    assertThat(design.dot(1, ones(design.columns()))).isZero();
    assertThat(design.dot(2, unit)).isCloseTo(1, within(1e-12));
  }

  @Test
  void outOfFold_ofAPairOfWords_isFoundAcrossPrompts() {
    Random random = new Random(1);
    List<String> texts = new ArrayList<>();
    List<String> prompts = new ArrayList<>();
    boolean[] labels = new boolean[240];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextBoolean();
      // Both have the same words; only their order differs.
      texts.add((labels[i] ? "do harm" : "harm do") + " x" + random.nextInt(9));
      prompts.add("p" + i / 6);
    }
    GroupedFit grouped = new GroupedFit(labels, prompts, new double[] {1e-3, 1e-1}, 4, 1);
    TextBaseline baseline = new TextBaseline(texts, grouped);
    double[] scores = baseline.outOfFold();
    for (int i = 0; i < labels.length; i++) {
      assertThat(scores[i] > 0).isEqualTo(labels[i]);
    }
    double[] others = baseline.scores(List.of("they do harm", "to harm do"));
    assertThat(others[0]).isPositive();
    assertThat(others[1]).isNegative();
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
