package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.AblateThenAdd;
import dev.plumbline.mitigations.Capping;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.mitigations.Writers;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeMap;

/**
 * One point of a sweep: what is done along a direction.
 *
 * @param amount of an ablation α of {@link DirectionalAblation}; else standard deviations of the
 *     aligned projection
 */
record Setting(Kind kind, double amount, LayerSet layers) {
  /** What becomes of the projection. */
  enum Kind {
    /** Ablated, to 0. */
    PLAIN("--strengths"),
    /** Ablated, to the aligned mean. */
    AFFINE("--strengths"),
    /** Limited to the aligned mean and so much above it. */
    CAP("--ceilings"),
    /** Put so far from the aligned mean. */
    SET("--coefficients"),
    /** Pushed by so much, after one layer. */
    STEER("--coefficients");

    private final String option;

    Kind(String option) {
      this.option = option;
    }

    static Kind parse(String text) {
      return Arrays.stream(values())
          .filter(kind -> kind.text().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  Check.refusal(
                      "--kinds",
                      "plain, affine, cap, set or steer",
                      "'" + text + "'",
                      "correct it"));
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Where its amounts come from. */
    String option() {
      return option;
    }

    boolean ablates() {
      return this == PLAIN || this == AFFINE;
    }

    /** Whether an amount is one of its own. */
    private boolean takes(double amount) {
      return ablates()
          ? amount > 0 && amount <= 2
          : Double.isFinite(amount) && (this == CAP || amount != 0);
    }
  }

  Setting {
    Check.that(
        kind.takes(amount),
        kind.option(),
        kind.ablates()
            ? "numbers above 0, up to 2"
            : kind == Kind.CAP ? "finite numbers" : "finite numbers other than 0",
        amount,
        "correct it; doing nothing is always measured");
    Check.that(
        kind != Kind.STEER || layers.from() == layers.to(),
        "--layers " + layers.name() + " of kind steer",
        "one layer: pushes at several add up",
        layers.from() + " to " + layers.to(),
        "name layers one by one");
  }

  /** Short, also of files. */
  String name() {
    return kind.text() + "-" + amount + "-" + layers.name();
  }

  /** For a person. */
  String detail() {
    String where = " in layers " + layers.name();
    return switch (kind) {
      case PLAIN, AFFINE -> kind.text() + " ablation of strength " + amount + where;
      case CAP -> "capped " + amount + " deviations above the aligned mean" + where;
      case SET -> "set " + amount + " deviations from the aligned mean" + where;
      case STEER -> "steered by " + amount + " deviations after layer " + layers.name();
    };
  }

  /**
   * What is done along an artefact's directions, after every writer of these layers that it has one
   * for; steering after the layer alone.
   *
   * @throws IllegalArgumentException if it has none there
   */
  InterventionPlan plan(Artefact artefact, TokenRange range) {
    TreeMap<TapPoint, Intervention> plan = new TreeMap<>();
    Writers.of(artefact.model().layers()).stream()
        .filter(this::acts)
        .forEach(at -> artefact.direction(at).ifPresent(tap -> plan.put(at, along(tap))));
    Check.that(
        !plan.isEmpty(),
        "--layers " + layers.name(),
        "layers that " + artefact.name() + " has a direction in",
        "none",
        "choose among " + artefact.directions().stream().map(TapDirection::tapPoint).toList());
    return new InterventionPlan(plan, range);
  }

  private boolean acts(TapPoint at) {
    return kind == Kind.STEER ? at.equals(TapPoint.residPost(layers.from())) : layers.contains(at);
  }

  private Intervention along(TapDirection tap) {
    double mean = tap.alignedMean();
    double spread = tap.alignedSpread();
    return switch (kind) {
      case PLAIN -> new DirectionalAblation(tap.direction(), amount, 0);
      case AFFINE -> new DirectionalAblation(tap.direction(), amount, mean);
      case CAP -> Capping.above(tap.direction(), mean + amount * spread);
      case SET -> new AblateThenAdd(tap.direction(), mean, amount, spread);
      case STEER -> new Steering(tap.direction(), amount, spread);
    };
  }
}
