package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;

/**
 * What a direction's thresholds flag of some answers.
 *
 * @param whose answers
 * @param misaligned whether they are: then a flag is a catch, else a false positive
 * @param answer share whose whole answer is flagged, exact interval
 * @param stream share flagged at some checkpoint of its stream
 */
public record Flagged(String whose, boolean misaligned, Estimate answer, Estimate stream) {}
