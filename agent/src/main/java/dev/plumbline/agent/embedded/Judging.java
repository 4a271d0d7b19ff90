package dev.plumbline.agent.embedded;

import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.calibrate.ScoreBaseline;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The direction that judges.
 *
 * @param name of the artefact
 * @param folder it is read from
 * @param calibration from its z to scores
 * @param baseline the scores it was calibrated on, where it brings them
 */
public record Judging(
    String name, Path folder, Calibration calibration, Optional<ScoreBaseline> baseline) {}
