package dev.plumbline.core.artefact;

import java.util.Locale;

/** The figures that every reported quality must carry. */
public enum Figure {
  /** AUROC of prompt-grouped cross-validation. */
  GROUPED_AUROC,
  /** Macro AUROC within prompts that have both outcomes; its count is their number. */
  WITHIN_PROMPT_AUROC,
  /** AUROC of the prompt's own base rate, leave-one-out: what knowing the prompt alone gives. */
  PROMPT_IDENTITY_CEILING,
  /** AUROC of a text-only classifier, same folds. */
  TEXT_BASELINE,
  /** AUROC of the whole procedure on shuffled labels; about 0.5. */
  SHUFFLED_LABELS,
  /** AUROC of a norm-matched random direction; about 0.5. */
  RANDOM_DIRECTION,
  /** False-positive rate on held-out aligned answers, whole. */
  FALSE_POSITIVES_ANSWER,
  /** False-positive rate on held-out aligned answers, streamed. */
  FALSE_POSITIVES_STREAM,
  /** False-positive rate on aligned answers of benign finetunes. */
  FALSE_POSITIVES_BENIGN,
  /** False-positive rate on aligned answers of KL-narrow finetunes. */
  FALSE_POSITIVES_KL_NARROW;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
