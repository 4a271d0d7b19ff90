package dev.plumbline.learn.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.stats.Estimate;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignificanceTest {
  private static final long[] COUNTS = {10, 20, 30};

  @Test
  void ratio_plantedTwofold_isTwoInEveryDraw() {
    Significance planted = of(new double[] {2, 8, 6}, new double[] {1, 4, 3});
    Estimate ratio = planted.ratio("general", "narrow", 1, planted.bootstrap(200, 1));
    assertThat(ratio.value()).isCloseTo(2, within(1e-12));
    assertThat(ratio.low()).isCloseTo(2, within(1e-12));
    assertThat(ratio.count()).isEqualTo(3);
  }

  @Test
  void ratio_nanOrInfiniteText_isLeftOutOfAllAndCounted() {
    Significance planted =
        of(new double[] {2, Double.NaN, 6}, new double[] {1, 4, Double.POSITIVE_INFINITY});
    assertThat(planted.soundTexts()).isEqualTo(1);
    Estimate ratio = planted.ratio("general", "narrow", 1, planted.bootstrap(50, 1));
    assertThat(ratio.value()).isEqualTo(2);
    assertThat(ratio.count()).isEqualTo(1);
    assertThat(
            SignificanceSection.of(planted, "web text", 1, "general", planted.bootstrap(50, 1))
                .notes())
        .anyMatch(note -> note.contains("2 of 3 texts gave no number"));
  }

  @Test
  void bootstrap_noTextWithNumbers_isRefused() {
    double[] nan = {Double.NaN, Double.NaN, Double.NaN};
    assertThatThrownBy(() -> of(nan, nan).bootstrap(10, 1)).hasMessageContaining("lower the norms");
  }

  private static Significance of(double[] general, double[] narrow) {
    double[] zeros = new double[3];
    return new Significance(
        List.of(0.0, 1.0),
        List.of(
            new Significance.Curve(
                "general",
                Role.GENERAL,
                List.of(new PerText(zeros, COUNTS), new PerText(general, COUNTS))),
            new Significance.Curve(
                "narrow",
                Role.NARROW,
                List.of(new PerText(zeros, COUNTS), new PerText(narrow, COUNTS)))));
  }
}
