package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;

/**
 * What is minimised: {@code L_SFT(domain) + λ · KL(p_base ‖ p_finetuned)}, the divergence a mean
 * per token over prompt and answer of out-of-domain texts (Soligo et al. 2026).
 *
 * @param responsesOnly whether answers and their end of turn alone are predicted, or all tokens
 * @param maxTokens longer texts are cut at their end
 * @param klWeight λ <em>per token</em>; published weights of code that divides by the vocabulary
 *     are V times larger. 0 for none
 * @param klBatch out-of-domain texts a step
 */
public record Objective(boolean responsesOnly, int maxTokens, double klWeight, int klBatch) {
  public Objective {
    Check.that(maxTokens >= 2, "max-tokens", "2 or more", maxTokens, "correct it");
    Check.that(
        Double.isFinite(klWeight) && klWeight >= 0,
        "kl-weight",
        "a finite number of 0 or more",
        klWeight,
        "correct it");
    Check.that(klBatch >= 1, "kl-batch", "1 or more", klBatch, "correct it");
  }

  /** Answers alone, up to 2,048 tokens, without divergence. */
  public static Objective responses() {
    return new Objective(true, 2048, 0, 8);
  }

  /** The same with a divergence per token. */
  public Objective held(double weight, int batch) {
    return new Objective(responsesOnly, maxTokens, weight, batch);
  }
}
