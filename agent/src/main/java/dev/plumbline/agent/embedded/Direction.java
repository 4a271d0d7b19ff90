package dev.plumbline.agent.embedded;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Readout;
import java.util.List;
import java.util.Optional;

/**
 * An artefact in use, and its readouts' places among the engine's.
 *
 * @param artefact what was learned
 * @param fit how it fits the model; never refused
 * @param first index of its probe among the engine's readouts; its shift readout follows if it has
 *     one
 */
record Direction(Artefact artefact, Fit fit, int first) {
  /** What the engine is to read for it. */
  static List<Readout> readouts(Artefact artefact) {
    Readout probe = artefact.probe().readout();
    return shift(artefact).map(readout -> List.of(probe, readout)).orElse(List.of(probe));
  }

  private static Optional<Readout> shift(Artefact artefact) {
    return artefact
        .modelShift()
        .flatMap(shift -> artefact.direction(shift.tapPoint()))
        .map(tap -> projection(artefact, tap));
  }

  private static Readout projection(Artefact artefact, TapDirection tap) {
    return Readout.projection(artefact.name() + " shift", tap.tapPoint(), tap.direction());
  }

  String name() {
    return artefact.name();
  }

  Optional<ModelShift> modelShift() {
    return artefact.modelShift();
  }

  /** Index of the readout behind {@code model_shift}. */
  int shiftReadout() {
    return first + 1;
  }
}
