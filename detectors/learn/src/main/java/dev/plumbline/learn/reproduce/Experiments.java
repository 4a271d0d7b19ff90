package dev.plumbline.learn.reproduce;

import java.util.List;

/**
 * All experiments, in the order they run: those that learn directions before those that use them.
 */
final class Experiments {
  private Experiments() {}

  static List<Experiment> all() {
    return List.of(
        new Emergence(),
        new SmallFinetunes(),
        new Removal(),
        new Induction(),
        new Weights(),
        new Ability(),
        new Solutions(),
        new PhaseTransition(),
        new Tracing());
  }
}
