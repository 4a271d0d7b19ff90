package dev.plumbline.core.calibrate;

import dev.plumbline.core.artefact.Calibration;

/**
 * What aligned answers say about a probe.
 *
 * @param calibration its thresholds
 * @param baseline the scores of those answers, each to its end
 */
public record Calibrated(Calibration calibration, ScoreBaseline baseline) {}
