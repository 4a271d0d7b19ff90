package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.calibrate.Calibrated;
import dev.plumbline.core.calibrate.Calibrator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes an artefact valid on another set of weights of the same shape, such as a quantised copy:
 * thresholds from that model's reading of aligned answers, and of old and new the higher one each,
 * so that the false-positive rate stays at most α on both. Probe, scale and slope stay. The scores
 * that traffic is held against are those of the other weights: there is one baseline, of the model
 * that was calibrated last.
 *
 * @param artefact with the other weights among its validated ones
 * @param found the thresholds of the other weights alone, and the scores they rest on
 */
public record Recalibration(Artefact artefact, Calibrated found) {
  /**
   * Calibrates.
   *
   * @param reader reads with the other weights
   * @param aligned aligned answers to prompts that nothing was fitted on
   */
  public static Recalibration of(
      Artefact old, String fingerprint, ActivationCollector reader, List<Answer> aligned) {
    Calibration before = old.calibration();
    Calibrated found =
        new Calibrator(old.probe(), before.sigmoid(), before.checkpoints())
            .calibrate(
                reader.readouts(
                    Answers.readBy(old.probe().pooling(), aligned), old.probe().readout()),
                before.alpha());
    Calibration other = found.calibration();
    Calibration both =
        new Calibration(
            before.sigmoid(),
            Math.max(before.thresholdAnswer(), other.thresholdAnswer()),
            Math.max(before.thresholdStream(), other.thresholdStream()),
            before.alpha(),
            Math.min(before.exchanges(), other.exchanges()),
            before.checkpoints());
    return new Recalibration(with(old, both, found, fingerprint), found);
  }

  private static Artefact with(
      Artefact old, Calibration calibration, Calibrated found, String fingerprint) {
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
        found.baseline().into(old.quality()),
        old.modelShift());
  }
}
