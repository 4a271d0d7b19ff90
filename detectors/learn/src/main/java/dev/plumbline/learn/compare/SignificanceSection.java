package dev.plumbline.learn.compare;

import dev.plumbline.core.stats.UnitBootstrap;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.List;

/** {@link Significance} on one set of texts as a table and a drawing. */
final class SignificanceSection {
  private SignificanceSection() {}

  /**
   * @param texts what they are, for the heading; the plot's name takes it
   * @param norm at which solutions are compared
   */
  static Section of(
      Significance significance, String texts, double norm, String general, UnitBootstrap over) {
    int at = significance.nearest(norm);
    List<List<Object>> rows = new ArrayList<>();
    for (Significance.Curve curve : significance.curves()) {
      boolean itself = curve.name().equals(general);
      rows.add(
          List.of(
              curve.name(),
              significance.divergence(curve, at, over),
              itself ? "1" : significance.ratio(general, curve.name(), at, over)));
    }
    return new Section(
        "Significance: KL a token on " + texts,
        List.of(
            "KL(base ‖ base under a norm of the unit direction), mean over tokens, sum over the"
                + " vocabulary; compared at norm "
                + Rounded.of(significance.norms().get(at))
                + ". "
                + leftOut(significance)),
        List.of("solution", "nats a token", general + " / this"),
        rows,
        List.of(
            new Plot.Lines(
                "significance-" + texts.replaceAll("[^a-z]+", "-"),
                "KL a token on " + texts,
                "norm",
                "nats a token",
                significance.curves().stream()
                    .map(
                        curve ->
                            EfficiencySection.series(
                                curve.name(),
                                significance.norms().stream().mapToDouble(n -> n).toArray(),
                                significance.sound(curve),
                                over))
                    .toList())));
  }

  private static String leftOut(Significance significance) {
    long all = significance.curves().get(0).divergence().get(0).texts();
    long out = all - significance.soundTexts();
    return out == 0
        ? "All " + all + " texts have a number at every norm."
        : out + " of " + all + " texts gave no number at some norm and are left out of all.";
  }
}
