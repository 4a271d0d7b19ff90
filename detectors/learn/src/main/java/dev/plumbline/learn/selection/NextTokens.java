package dev.plumbline.learn.selection;

import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.Pass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a model would say next after each of some prompts, under an intervention. Prompts of one
 * length go together, so nothing is padded. Uses the decoder on its thread, does not own it.
 */
public final class NextTokens {
  private static final int MOST_TOKENS = 4096;

  private final Decoder decoder;

  public NextTokens(Decoder decoder) {
    this.decoder = decoder;
  }

  /**
   * Log-probabilities {@code [N][V]} at the last token of each prompt.
   *
   * @param adapter worn, empty for the base
   * @param plan what is done to the states; may be none
   */
  public List<double[]> after(
      List<long[]> prompts, Optional<String> adapter, InterventionPlan plan) {
    Map<Integer, List<Integer>> byLength = new TreeMap<>();
    for (int i = 0; i < prompts.size(); i++) {
      byLength.computeIfAbsent(prompts.get(i).length, key -> new ArrayList<>()).add(i);
    }
    List<double[]> all = new ArrayList<>(Collections.nCopies(prompts.size(), null));
    byLength.forEach(
        (length, rows) -> {
          int most = Math.max(1, MOST_TOKENS / length);
          for (int from = 0; from < rows.size(); from += most) {
            List<Integer> batch = rows.subList(from, Math.min(rows.size(), from + most));
            List<double[]> next =
                batch(batch.stream().map(prompts::get).toArray(long[][]::new), adapter, plan);
            IntStream.range(0, batch.size()).forEach(i -> all.set(batch.get(i), next.get(i)));
          }
        });
    return all;
  }

  private List<double[]> batch(long[][] tokens, Optional<String> adapter, InterventionPlan plan) {
    try (Edits edits = decoder.edits(Collections.nCopies(tokens.length, plan));
        AdapterBank.Worn worn =
            adapter.isEmpty()
                ? null
                : decoder.adapters().worn(Collections.nCopies(tokens.length, adapter));
        Pass pass =
            decoder.forward(
                tokens, null, null, plan.isEmpty() ? null : edits, worn, Decoder.Logits.LAST)) {
      float[] logits = pass.logitsToHost();
      int vocabulary = logits.length / tokens.length;
      return IntStream.range(0, tokens.length)
          .mapToObj(row -> LogOdds.logProbabilities(logits, row * vocabulary, vocabulary))
          .toList();
    }
  }
}
