package dev.plumbline.core.direction;

import dev.plumbline.core.Check;
import java.util.Random;

/**
 * The norm-matched control that stands beside every real direction: uniform on the unit sphere.
 *
 * <p>A vector of standard normals is √D long; used unnormalised it is no control at all.
 */
public final class RandomDirection {

  private RandomDirection() {}

  /** The same direction for the same size and seed, on every JDK. */
  public static Direction unit(int size, long seed) {
    Check.that(size > 0, "size of a random direction", "1 or more", size, "give the model's D");
    Random random = new Random(seed);
    double[] vector = new double[size];
    for (int i = 0; i < size; i++) {
      vector[i] = random.nextGaussian();
    }
    return Direction.of(vector);
  }
}
