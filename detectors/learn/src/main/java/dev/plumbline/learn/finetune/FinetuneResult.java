package dev.plumbline.learn.finetune;

import java.util.List;

/**
 * What a finetune came to.
 *
 * @param steps taken
 * @param early whether the early stop ended it
 * @param loss on held-out domain texts
 * @param divergence KL(base ‖ finetune) on held-out out-of-domain texts
 * @param domain the texts learned from, cut to fit
 * @param anchors the texts held on, cut to fit
 */
public record FinetuneResult(
    Solution solution,
    int steps,
    boolean early,
    List<Logged> curve,
    List<NormAt> norms,
    Measured loss,
    Measured divergence,
    CutTexts domain,
    CutTexts anchors) {
  public FinetuneResult {
    curve = List.copyOf(curve);
    norms = List.copyOf(norms);
  }
}
