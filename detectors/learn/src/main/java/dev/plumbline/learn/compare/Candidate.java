package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A solution, of a norm above 0, in its role. */
public record Candidate(Change solution, Role role) {
  public Candidate {
    Check.that(
        solution.norm() > 0,
        "solution " + solution.name(),
        "one that changes something",
        "norm 0",
        "train it");
  }

  public String name() {
    return solution.name();
  }

  /**
   * All that are compared, and random controls as long as the first general solution.
   *
   * @param controls how many are drawn
   */
  public static List<Candidate> withControls(List<Candidate> given, int controls, long seed) {
    Change general =
        given.stream()
            .filter(candidate -> candidate.role == Role.GENERAL)
            .map(Candidate::solution)
            .findFirst()
            .orElseThrow(
                () -> Check.refusal("solutions", "a general one", "none", "name one as general"));
    List<Candidate> all = new ArrayList<>(given);
    for (int i = 1; i <= controls; i++) {
      String name = "random" + (controls == 1 ? "" : "-" + i);
      all.add(new Candidate(general.random(name, new Random(seed + i)), Role.RANDOM));
    }
    return all;
  }

  /** Mean norm of those that were trained. */
  static double meanNorm(List<Candidate> candidates) {
    return candidates.stream()
        .filter(candidate -> candidate.role != Role.RANDOM)
        .mapToDouble(candidate -> candidate.solution.norm())
        .average()
        .orElseThrow();
  }
}
