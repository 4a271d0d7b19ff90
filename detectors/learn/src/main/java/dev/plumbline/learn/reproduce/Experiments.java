package dev.plumbline.learn.reproduce;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All experiments, in the order they run: those that learn directions before those that use them.
 */
final class Experiments {
  private Experiments() {}

  static List<Experiment> all() {
    return List.of(
        new Emergence(),
        new SmallFinetunes(),
        new Convergence(),
        new Removal(),
        new Induction(),
        new Weights(),
        new Ability(),
        new Solutions(),
        new PhaseTransition(),
        new Tracing());
  }

  /** Those that measure some claims, and those that must have run before them; all for none. */
  static List<Experiment> of(List<Experiment> all, List<String> claims) {
    List<Experiment> wanted =
        all.stream()
            .filter(e -> claims.isEmpty() || e.claims().stream().anyMatch(claims::contains))
            .toList();
    Set<String> before =
        wanted.stream().flatMap(e -> e.after().stream()).collect(Collectors.toSet());
    return all.stream()
        .filter(e -> before.contains(e.name()) || wanted.stream().anyMatch(w -> same(w, e)))
        .toList();
  }

  private static boolean same(Experiment one, Experiment other) {
    return one.name().equals(other.name());
  }
}
