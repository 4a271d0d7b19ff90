package dev.plumbline.export.cli;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.Site;
import java.util.Comparator;

/**
 * The direction of an artefact that stands best for all of them: of the greatest mean squared
 * cosine with the others, so that taking it out everywhere takes most out of each. The first of
 * equals.
 */
final class SharedDirection {
  private SharedDirection() {}

  static TapDirection of(Artefact artefact) {
    return artefact.directions().stream()
        .filter(each -> each.tapPoint().site() != Site.FINAL_NORM)
        .sorted(Comparator.comparing(TapDirection::tapPoint))
        .max(Comparator.comparingDouble(each -> likeness(artefact, each)))
        .orElseThrow(
            () ->
                Check.refusal(
                    "artefact " + artefact.name(),
                    "a direction in the residual stream",
                    "one behind the final norm only",
                    "learn one at a writer"));
  }

  private static double likeness(Artefact artefact, TapDirection candidate) {
    return artefact.directions().stream()
        .mapToDouble(other -> Math.pow(candidate.direction().cosine(other.direction()), 2))
        .average()
        .orElseThrow();
  }
}
