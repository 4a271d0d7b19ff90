package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * k folds that never split a prompt: prompts in seeded order, each to the fold with the fewest
 * answers so far. The same prompts, counts and seed give the same folds whatever the order of the
 * rows.
 */
public final class GroupFolds {

  private GroupFolds() {}

  /**
   * The fold, 0 to k−1, of each row {@code [N]}.
   *
   * @param prompts the prompt of each row
   * @param k folds, 2 or more and no more than there are prompts
   * @param seed of the order
   */
  public static int[] assign(List<String> prompts, int k, long seed) {
    Map<String, Integer> counts = new TreeMap<>();
    prompts.forEach(prompt -> counts.merge(prompt, 1, Integer::sum));
    Check.that(
        k >= 2 && k <= counts.size(),
        "folds",
        "2 to " + counts.size() + " (the number of prompts)",
        k,
        "use more prompts or fewer folds");
    Map<String, Integer> folds = deal(counts, k, seed);
    return prompts.stream().mapToInt(folds::get).toArray();
  }

  private static Map<String, Integer> deal(Map<String, Integer> counts, int k, long seed) {
    List<String> order = new ArrayList<>(counts.keySet());
    Collections.shuffle(order, new Random(seed));
    int[] filled = new int[k];
    Map<String, Integer> folds = new HashMap<>();
    for (String prompt : order) {
      int fold = smallest(filled);
      folds.put(prompt, fold);
      filled[fold] += counts.get(prompt);
    }
    return folds;
  }

  private static int smallest(int[] filled) {
    int least = Arrays.stream(filled).min().orElseThrow();
    int fold = 0;
    while (filled[fold] != least) {
      fold++;
    }
    return fold;
  }
}
