package dev.plumbline.agent.embedded;

import dev.plumbline.core.artefact.Calibration;
import java.nio.file.Path;

/**
 * The direction that judges.
 *
 * @param name of the artefact
 * @param folder it is read from
 * @param calibration from its z to scores
 */
public record Judging(String name, Path folder, Calibration calibration) {}
