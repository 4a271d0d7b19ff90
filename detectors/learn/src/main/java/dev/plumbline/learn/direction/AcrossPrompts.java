package dev.plumbline.learn.direction;

import dev.plumbline.core.stats.Auroc;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Example;
import dev.plumbline.core.stats.PromptBootstrap;
import java.util.List;

/** AUROC over all answers at once, with a bootstrap interval over whole prompts. */
public final class AcrossPrompts {
  private static final int RESAMPLES = 500;
  private static final double CONFIDENCE = 0.95;

  private AcrossPrompts() {}

  /** The figure; both outcomes must be there. Its count is the prompts. */
  public static Estimate auroc(List<Example> examples, long seed) {
    return PromptBootstrap.of(examples, Auroc::of, RESAMPLES, CONFIDENCE, seed);
  }
}
