package dev.plumbline.torch.bench;

import dev.plumbline.core.direction.Direction;
import java.util.Random;

/** Seeded input of the benches: what tokens and directions are does not change the work. */
final class Workload {
  private Workload() {}

  static long[] tokens(int count, int vocabulary, long seed) {
    return new Random(seed).longs(count, 0, vocabulary).toArray();
  }

  static Direction direction(int width, long seed) {
    return Direction.of(new Random(seed).doubles(width, -1, 1).toArray());
  }
}
