package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.mitigations.Writers;
import java.util.Locale;
import java.util.TreeMap;

/**
 * One point of a sweep: how a direction is taken out.
 *
 * @param strength α of {@link DirectionalAblation}
 */
record Setting(Kind kind, double strength, LayerSet layers) {
  /** What is left along the direction. */
  enum Kind {
    /** 0. */
    PLAIN,
    /** The aligned mean. */
    AFFINE;

    static Kind parse(String text) {
      for (Kind kind : values()) {
        if (kind.text().equals(text)) {
          return kind;
        }
      }
      throw Check.refusal("--kinds", "plain or affine", "'" + text + "'", "correct it");
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Setting {
    Check.that(
        strength > 0 && strength <= 2,
        "--strengths",
        "numbers above 0, up to 2",
        strength,
        "correct it; 0 is always measured");
  }

  /** Short, also of files. */
  String name() {
    return kind.text() + "-" + strength + "-" + layers.name();
  }

  /** For a person. */
  String detail() {
    return kind.text() + " ablation of strength " + strength + " in layers " + layers.name();
  }

  /**
   * An artefact's directions taken out so, after every writer of these layers that it has one for.
   *
   * @throws IllegalArgumentException if it has none there
   */
  InterventionPlan plan(Artefact artefact, TokenRange range) {
    TreeMap<TapPoint, Intervention> plan = new TreeMap<>();
    Writers.of(artefact.model().layers()).stream()
        .filter(layers::contains)
        .forEach(at -> artefact.direction(at).ifPresent(tap -> plan.put(at, ablation(tap))));
    Check.that(
        !plan.isEmpty(),
        "--layers " + layers.name(),
        "layers that " + artefact.name() + " has a direction in",
        "none",
        "choose among " + artefact.directions().stream().map(TapDirection::tapPoint).toList());
    return new InterventionPlan(plan, range);
  }

  private Intervention ablation(TapDirection tap) {
    double baseline = kind == Kind.AFFINE ? tap.alignedMean() : 0;
    return new DirectionalAblation(tap.direction(), strength, baseline);
  }
}
