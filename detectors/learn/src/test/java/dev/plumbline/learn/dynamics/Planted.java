package dev.plumbline.learn.dynamics;

import dev.plumbline.learn.data.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Statements and states whose truth is known. */
final class Planted {
  static final int GROUPS = 24;
  static final int EACH = 8;
  static final int WIDTH = 12;

  private Planted() {}

  /** Balanced pairs that say nothing by their text. */
  static Dimension dimension(String name) {
    List<Statement> rows = new ArrayList<>();
    for (int i = 0; i < GROUPS * EACH; i++) {
      rows.add(new Statement("row " + i / 2, i % 2 == 0, Optional.of("g" + i / EACH), i + 2L));
    }
    return new Dimension(name, name, "planted", rows, false);
  }

  /** Noise, a large offset, a group effect, and the label along feature 0. */
  static double[][] states(Dimension dimension, double signal, long seed) {
    Random random = new Random(seed);
    double[][] states = new double[dimension.statements().size()][WIDTH];
    boolean[] labels = dimension.labels();
    for (int i = 0; i < states.length; i++) {
      for (int j = 0; j < WIDTH; j++) {
        states[i][j] = random.nextGaussian() + 30 * j;
      }
      states[i][1] += 5 * Math.sin(i / EACH);
      states[i][0] += labels[i] ? signal : -signal;
    }
    return states;
  }
}
