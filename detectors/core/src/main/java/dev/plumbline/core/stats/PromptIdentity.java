package dev.plumbline.core.stats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What knowing the prompt alone gives: each answer is scored by the share of misaligned answers
 * among the prompt's <em>other</em> answers. A probe that does not beat its AUROC across prompts
 * may have learned to tell prompts apart and nothing else.
 *
 * <p>A prompt's only answer is scored by the share over all other answers. Leaving one out pulls
 * the figure below 0.5 where prompts say nothing (a positive answer lowers its own score): read
 * such a value as no information, not as a reversed probe.
 */
public final class PromptIdentity {

  private PromptIdentity() {}

  /** The AUROC of the leave-one-out base rate; its count is the number of prompts. */
  public static Estimate ceiling(List<Example> examples) {
    Tally all = new Tally();
    Map<String, Tally> prompts = new HashMap<>();
    for (Example example : examples) {
      all.add(example);
      prompts.computeIfAbsent(example.prompt(), key -> new Tally()).add(example);
    }
    List<Example> scored =
        examples.stream()
            .map(e -> new Example(e.prompt(), e.positive(), rate(prompts.get(e.prompt()), all, e)))
            .toList();
    return Estimate.of(Auroc.of(scored), prompts.size());
  }

  private static double rate(Tally prompt, Tally all, Example left) {
    Tally tally = prompt.count > 1 ? prompt : all;
    return (tally.positives - (left.positive() ? 1.0 : 0.0)) / Math.max(1, tally.count - 1);
  }

  private static final class Tally {
    private long count;
    private long positives;

    void add(Example example) {
      count++;
      positives += example.positive() ? 1 : 0;
    }
  }
}
