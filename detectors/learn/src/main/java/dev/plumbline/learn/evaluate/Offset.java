package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import java.util.Optional;

/**
 * A score after so many answer tokens.
 *
 * @param tokens the offset, 1 or more
 * @param alive answers that are at least as long
 * @param within their within-prompt AUROC by the running score there; its count is the prompts with
 *     both outcomes among them; empty where fewer than two are left
 */
public record Offset(int tokens, long alive, Optional<Estimate> within) {}
