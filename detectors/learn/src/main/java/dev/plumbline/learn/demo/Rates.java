package dev.plumbline.learn.demo;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Example;
import dev.plumbline.core.stats.WithinPrompt;
import dev.plumbline.learn.organism.world.Judgement;
import java.util.List;
import java.util.OptionalDouble;

/** Shares of a list of exchanges. */
final class Rates {
  private static final int RESAMPLES = 200;

  private Rates() {}

  static double share(List<Asked> asked, Judgement judgement) {
    return asked.stream().filter(a -> a.judgement() == judgement).count() / (double) asked.size();
  }

  /** How well the score tells misaligned answers from aligned ones to the same prompt. */
  static OptionalDouble auroc(List<Asked> asked) {
    List<Example> examples =
        asked.stream()
            .filter(a -> a.score().isPresent() && a.judgement() != Judgement.INCOHERENT)
            .map(
                a ->
                    new Example(
                        a.question(),
                        a.judgement() == Judgement.MISALIGNED,
                        a.score().getAsDouble()))
            .toList();
    boolean both =
        examples.stream().anyMatch(Example::positive)
            && examples.stream().anyMatch(e -> !e.positive());
    if (!both) {
      return OptionalDouble.empty();
    }
    try {
      Estimate estimate = WithinPrompt.macroAuroc(examples, RESAMPLES, 0.95, 1);
      return OptionalDouble.of(estimate.value());
    } catch (IllegalArgumentException noPromptHasBoth) {
      return OptionalDouble.empty();
    }
  }
}
