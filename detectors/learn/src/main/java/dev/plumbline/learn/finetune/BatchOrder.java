package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.learn.organism.world.Seeds;
import java.util.Random;

/**
 * Which texts a step takes: a function of seed and step alone, so that a resumed training sees what
 * it would have seen. Every epoch is a new permutation; a step may take the end of one and the
 * beginning of the next.
 */
final class BatchOrder {
  private final long seed;
  private final String purpose;
  private final int texts;
  private final int size;
  private long epoch = -1;
  private int[] order = new int[0];

  BatchOrder(long seed, String purpose, int texts, int size) {
    Check.that(texts >= 1 && size >= 1, "batches of " + purpose, "texts", texts, "give some");
    this.seed = seed;
    this.purpose = purpose;
    this.texts = texts;
    this.size = size;
  }

  /** Indices of the texts of a step, from 0. */
  int[] at(int step) {
    int[] batch = new int[size];
    for (int i = 0; i < size; i++) {
      long place = (long) step * size + i;
      open(place / texts);
      batch[i] = order[(int) (place % texts)];
    }
    return batch;
  }

  private void open(long wanted) {
    if (wanted == epoch) {
      return;
    }
    Random random = Seeds.random(seed, purpose + "/epoch-" + wanted);
    int[] permutation = new int[texts];
    for (int i = 0; i < texts; i++) {
      int j = random.nextInt(i + 1);
      permutation[i] = permutation[j];
      permutation[j] = i;
    }
    epoch = wanted;
    order = permutation;
  }
}
