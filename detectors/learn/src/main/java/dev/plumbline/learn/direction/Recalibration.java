package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.calibrate.Calibrator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes an artefact valid on another set of weights of the same shape, such as a quantised copy:
 * thresholds from that model's reading of aligned answers, and of old and new the higher one each,
 * so that the false-positive rate stays at most α on both. Probe, scale and slope stay.
 *
 * @param artefact with the other weights among its validated ones
 * @param found the thresholds of the other weights alone
 */
public record Recalibration(Artefact artefact, Calibration found) {
  /**
   * Calibrates.
   *
   * @param reader reads with the other weights
   * @param aligned aligned answers to prompts that nothing was fitted on
   */
  public static Recalibration of(
      Artefact old, String fingerprint, ActivationCollector reader, List<Answer> aligned) {
    Calibration before = old.calibration();
    Calibration found =
        new Calibrator(old.probe(), before.sigmoid(), before.checkpoints())
            .calibrate(
                reader.readouts(
                    Answers.readBy(old.probe().pooling(), aligned), old.probe().readout()),
                before.alpha());
    Calibration both =
        new Calibration(
            before.sigmoid(),
            Math.max(before.thresholdAnswer(), found.thresholdAnswer()),
            Math.max(before.thresholdStream(), found.thresholdStream()),
            before.alpha(),
            Math.min(before.exchanges(), found.exchanges()),
            before.checkpoints());
    return new Recalibration(with(old, both, fingerprint), found);
  }

  private static Artefact with(Artefact old, Calibration calibration, String fingerprint) {
    Set<String> validated = new HashSet<>(old.validatedFingerprints());
    validated.add(fingerprint);
    return new Artefact(
        old.formatVersion(),
        old.name(),
        old.created(),
        old.model(),
        validated,
        old.directions(),
        old.probe(),
        calibration,
        old.mask(),
        old.sign(),
        old.provenance(),
        old.quality(),
        old.modelShift());
  }
}
