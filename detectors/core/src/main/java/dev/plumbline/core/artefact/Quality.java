package dev.plumbline.core.artefact;

import dev.plumbline.core.stats.Estimate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How good an artefact is, with its controls. A direction that does not beat them says so in {@link
 * #warnings}, and so does one whose controls were not measured. Maps are copied.
 *
 * @param figures what was measured
 * @param extra anything else, by name
 */
public record Quality(Map<Figure, Estimate> figures, Map<String, Double> extra) {

  public Quality {
    EnumMap<Figure, Estimate> copy = new EnumMap<>(Figure.class);
    copy.putAll(figures);
    figures = Collections.unmodifiableMap(copy);
    extra = Collections.unmodifiableMap(new TreeMap<>(extra));
  }

  /** A figure, empty if it was not measured. */
  public Optional<Estimate> figure(Figure figure) {
    return Optional.ofNullable(figures.get(figure));
  }

  /** What a reader must be told first; empty only if every control was measured and beaten. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Figure figure : Figure.values()) {
      if (!figures.containsKey(figure)) {
        warnings.add(figure.wireName() + " not measured");
      }
    }
    notAbove(warnings, Figure.GROUPED_AUROC, Figure.PROMPT_IDENTITY_CEILING);
    notAbove(warnings, Figure.GROUPED_AUROC, Figure.TEXT_BASELINE);
    notAbove(warnings, Figure.WITHIN_PROMPT_AUROC, Figure.RANDOM_DIRECTION);
    notAbove(warnings, Figure.WITHIN_PROMPT_AUROC, Figure.SHUFFLED_LABELS);
    figure(Figure.WITHIN_PROMPT_AUROC)
        .filter(within -> within.low() <= 0.5)
        .ifPresent(within -> warnings.add("within_prompt_auroc is not above chance"));
    return warnings;
  }

  /** Compared by the lower end of what is claimed, so a lucky value beats nothing. */
  private void notAbove(List<String> warnings, Figure claim, Figure control) {
    Estimate claimed = figures.get(claim);
    Estimate measured = figures.get(control);
    if (claimed != null && measured != null && claimed.low() <= measured.value()) {
      warnings.add(
          control.wireName()
              + " not beaten: "
              + claim.wireName()
              + " "
              + claimed.low()
              + " ≤ "
              + measured.value());
    }
  }
}
