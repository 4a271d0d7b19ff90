package dev.plumbline.agent.embedded;

import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.AlignedProjections;
import java.util.Map;

/**
 * What aligned texts look like along the directions of one artefact.
 *
 * @param measured by tap point; empty where nothing was read
 * @param says how it is known, for a person
 */
record AlignedTexts(Map<TapPoint, AlignedProjections> measured, String says) {

  /** Only what the artefact says. */
  static AlignedTexts none() {
    return new AlignedTexts(Map.of(), "percentiles by normal approximation, not measured");
  }

  AlignedProjections along(TapDirection tap) {
    AlignedProjections found = measured.get(tap.tapPoint());
    return found == null ? AlignedProjections.ofNormal(tap) : found;
  }
}
