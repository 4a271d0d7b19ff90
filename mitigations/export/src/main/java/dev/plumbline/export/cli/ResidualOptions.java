package dev.plumbline.export.cli;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** How what is left of the direction is measured, and how much may be. */
final class ResidualOptions {
  /** The in-forward plan an adapter stands for. */
  enum Against {
    /** Each tap point's own direction, to the aligned mean: what mode {@code ablate} does. */
    AFFINE,
    /** Each tap point's own direction, to 0. */
    PER_TAP_POINT,
    /** The one direction, to 0: what an adapter of all writers does exactly. */
    SHARED;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Against parse(String name) {
      return Arrays.stream(values())
          .filter(each -> each.wireName().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  Check.refusal(
                      "--against",
                      "affine, per_tap_point or shared",
                      "'" + name + "'",
                      "name one of them"));
    }
  }

  @Option(
      names = "--against",
      defaultValue = "affine",
      paramLabel = "PLAN",
      description =
          "The ablation in forward that it is to stand for: affine (each tap point's direction, to"
              + " the aligned mean, as mode ablate does), per_tap_point (to 0) or shared (the one"
              + " direction, to 0) (${DEFAULT-VALUE}).")
  String against;

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description =
          "JSONL of texts to measure on: {\"text\": …} or {\"messages\": […]} that end with an"
              + " answer; a dozen everyday exchanges by default.")
  Path texts;

  @Option(
      names = "--bound",
      defaultValue = "0.5",
      paramLabel = "SD",
      description =
          "The most that may be left at any tap point: root mean square, in standard deviations of"
              + " the aligned projection (${DEFAULT-VALUE}).")
  double bound;

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "Where the texts are read: auto, cpu, cuda or cuda:N (${DEFAULT-VALUE}).")
  String device;

  @Option(
      names = "--skip-residual",
      description =
          "Do not load the model to measure; what is left is then not known, and --force writes it.")
  boolean skip;

  void check() {
    Against.parse(against);
    Check.positive(bound, "--bound");
  }

  /** The plan of a name, from a layer on. */
  static InterventionPlan plan(
      Against against, Artefact artefact, Direction shared, int fromLayer) {
    InterventionPlan whole =
        switch (against) {
          case AFFINE -> InterventionPlan.perTapPointAffine(artefact);
          case PER_TAP_POINT -> InterventionPlan.perTapPoint(artefact);
          case SHARED -> InterventionPlan.shared(shared, artefact.model().layers());
        };
    Map<TapPoint, Intervention> from = new TreeMap<>(whole.interventions());
    from.keySet().removeIf(point -> !Source.reaches(fromLayer, point));
    return new InterventionPlan(from, whole.range());
  }

  /**
   * The artefact's spreads, which hold for its own directions; of the shared one elsewhere than at
   * its tap point nobody measured any.
   */
  static Function<TapPoint, OptionalDouble> spreads(
      Against against, Artefact artefact, TapDirection shared) {
    return point ->
        artefact
            .direction(point)
            .filter(tap -> against != Against.SHARED || tap.tapPoint().equals(shared.tapPoint()))
            .map(tap -> OptionalDouble.of(tap.alignedSpread()))
            .orElseGet(OptionalDouble::empty);
  }
}
