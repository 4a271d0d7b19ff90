package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The control of a whole procedure: the same rows with labels that mean nothing. Learned and
 * evaluated on these, every AUROC must be about 0.5, or the procedure leaks.
 */
public final class ShuffledLabels {

  private ShuffledLabels() {}

  /** Labels {@code [N]} permuted over all rows; a new array. */
  public static boolean[] overall(boolean[] labels, long seed) {
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      rows.add(i);
    }
    boolean[] shuffled = labels.clone();
    permute(labels, shuffled, rows, new Random(seed));
    return shuffled;
  }

  /** Labels {@code [N]} permuted within each prompt only, so base rates stay; a new array. */
  public static boolean[] withinPrompts(boolean[] labels, List<String> prompts, long seed) {
    Check.size(labels.length, prompts.size(), "prompts of the labels");
    Map<String, List<Integer>> rows = new TreeMap<>();
    for (int i = 0; i < labels.length; i++) {
      rows.computeIfAbsent(prompts.get(i), key -> new ArrayList<>()).add(i);
    }
    boolean[] shuffled = labels.clone();
    Random random = new Random(seed);
    rows.values().forEach(group -> permute(labels, shuffled, group, random));
    return shuffled;
  }

  private static void permute(boolean[] from, boolean[] to, List<Integer> rows, Random random) {
    List<Integer> order = new ArrayList<>(rows);
    Collections.shuffle(order, random);
    for (int i = 0; i < rows.size(); i++) {
      to[rows.get(i)] = from[order.get(i)];
    }
  }
}
