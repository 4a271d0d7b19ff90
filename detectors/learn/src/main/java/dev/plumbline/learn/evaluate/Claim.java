package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import java.util.Optional;

/**
 * What a score is said to show on a set of judged answers.
 *
 * @param across AUROC over all answers, interval over whole prompts
 * @param within macro AUROC within prompts; empty where fewer than two have both outcomes
 */
public record Claim(Estimate across, Optional<Estimate> within) {}
