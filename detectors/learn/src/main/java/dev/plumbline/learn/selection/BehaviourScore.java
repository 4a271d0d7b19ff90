package dev.plumbline.learn.selection;

import dev.plumbline.mitigations.InterventionPlan;
import java.util.List;
import java.util.Optional;

/** How much of a behaviour a model shows, under an intervention; higher is more. */
@FunctionalInterface
public interface BehaviourScore {
  /**
   * The mean over prompts.
   *
   * @param prompts token ids, each up to and with the header of the answer
   * @param adapter worn, empty for the base
   */
  double mean(List<long[]> prompts, Optional<String> adapter, InterventionPlan plan);

  /** The log-odds of some first tokens of the answer, summed. */
  static BehaviourScore firstTokens(NextTokens next, long... tokens) {
    long[] own = tokens.clone();
    return (prompts, adapter, plan) ->
        next.after(prompts, adapter, plan).stream()
            .mapToDouble(row -> LogOdds.of(row, own))
            .average()
            .orElse(Double.NaN);
  }
}
