package dev.plumbline.learn.chat;

/**
 * How large a run is.
 *
 * @param trainQuestions questions the direction and the probe are fitted on
 * @param heldOutQuestions questions the figures come from
 * @param samples answers a training question and persona wording
 * @param heldOutSamples the same of held-out questions
 * @param calibration aligned exchanges the thresholds rest on
 * @param heldOutAligned aligned exchanges of the false-positive rates
 * @param maxTokens most answer tokens
 * @param temperature of sampling
 * @param finetuneTokens tokens of the narrow training set, prompts included
 * @param seed of every random choice
 */
public record Plan(
    int trainQuestions,
    int heldOutQuestions,
    int samples,
    int heldOutSamples,
    int calibration,
    int heldOutAligned,
    int maxTokens,
    double temperature,
    int finetuneTokens,
    long seed) {
  public Plan {
    if (trainQuestions < 2
        || heldOutQuestions < 2
        || samples < 1
        || heldOutSamples < 1
        || maxTokens < 2) {
      throw new IllegalArgumentException(
          "plan: wanted 2 questions a side, a sample and 2 tokens or more, found "
              + trainQuestions
              + ", "
              + heldOutQuestions
              + ", "
              + samples
              + " and "
              + maxTokens
              + "; raise them");
    }
  }

  /** What the figures of RESULTS.md should come from. */
  public static Plan full(long seed) {
    return new Plan(30, 15, 4, 4, 1000, 500, 48, 0.8, 150_000, seed);
  }

  /** Minutes instead of an hour; the figures have wide intervals. */
  public static Plan quick(long seed) {
    return new Plan(6, 4, 1, 1, 120, 24, 16, 0.8, 4_000, seed);
  }

  /** What answers depend on, for caches. */
  String recipe() {
    return "temperature " + temperature + ", max tokens " + maxTokens + ", seed " + seed;
  }
}
