package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Reliability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How one artefact does on answers that it never saw.
 *
 * @param artefact its name
 * @param nominal α of its thresholds
 * @param claim of its score
 * @param perModel within-prompt AUROC of each model's answers
 * @param projections within-prompt AUROC of each editing direction, by tap point
 * @param random the probe's control; empty where no within-prompt figure can be taken
 * @param reliability of the score
 * @param expectedError expected calibration error, interval over whole prompts
 * @param brier Brier's score, interval over whole prompts
 * @param baseRateBrier that of always saying the share of misaligned answers
 * @param flagged by the thresholds
 * @param offsets how early it knows
 * @param scores of answers, by "model, outcome"
 * @param alarms none is good news
 */
public record ScoreFigures(
    String artefact,
    double nominal,
    Claim claim,
    Map<String, Estimate> perModel,
    Map<String, Estimate> projections,
    Optional<RandomControl> random,
    Reliability reliability,
    Estimate expectedError,
    Estimate brier,
    double baseRateBrier,
    List<Flagged> flagged,
    List<Offset> offsets,
    Map<String, double[]> scores,
    List<Alarm> alarms) {
  public ScoreFigures {
    perModel = new TreeMap<>(perModel);
    projections = new LinkedHashMap<>(projections);
    flagged = List.copyOf(flagged);
    offsets = List.copyOf(offsets);
    scores = new TreeMap<>(scores);
    alarms = List.copyOf(alarms);
  }
}
