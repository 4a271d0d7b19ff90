package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The way a solution took through its training, from snapshots of the parts that write (B). At each
 * snapshot t the local cosine between {@code B(t−k) − B(t)} and {@code B(t+k) − B(t)} is −1 where
 * the way is straight and rises where it turns (Turner et al. 2025, phase transition). It is taken
 * only where both steps are longer than a threshold: of short ones the angle is noise.
 *
 * @param steps at which the snapshots were taken, ascending
 * @param gram inner products of the snapshots
 */
public record TrainingPath(List<Integer> steps, Gram gram) {
  public TrainingPath {
    steps = List.copyOf(steps);
    Check.size(steps.size(), gram.size(), "snapshots");
    for (int i = 1; i < steps.size(); i++) {
      Check.that(
          steps.get(i) > steps.get(i - 1), "steps of snapshots", "ascending", steps, "sort them");
    }
  }

  /**
   * The turn at one snapshot.
   *
   * @param cosine −1 straight on, 1 straight back
   */
  public record Turn(int step, double cosine) {}

  /**
   * Every snapshot that has one {@code k} before and one {@code k} after it, both further away than
   * {@code threshold}.
   */
  public List<Turn> turns(int k, double threshold) {
    Check.that(k > 0, "snapshots to look back and on", "1 or more", k, "raise it");
    List<Turn> turns = new ArrayList<>();
    for (int t = k; t + k < steps.size(); t++) {
      double back = gram.from(t, t - k, t - k);
      double on = gram.from(t, t + k, t + k);
      if (Math.min(back, on) > threshold * threshold) {
        turns.add(new Turn(steps.get(t), gram.from(t, t - k, t + k) / Math.sqrt(back * on)));
      }
    }
    return turns;
  }

  /** The sharpest turn; none where no snapshot has steps long enough. */
  public Optional<Turn> sharpest(int k, double threshold) {
    return turns(k, threshold).stream().max(Comparator.comparingDouble(Turn::cosine));
  }

  /** Distance from the first to the furthest snapshot: what a threshold is a share of. */
  public double reach() {
    return IntStream.range(0, steps.size())
        .mapToDouble(i -> Math.sqrt(Math.max(0, gram.from(0, i, i))))
        .max()
        .orElseThrow();
  }

  /** ‖B‖ at each snapshot. */
  public double[] norms() {
    return IntStream.range(0, steps.size())
        .mapToDouble(i -> Math.sqrt(Math.max(0, gram.at(i, i))))
        .toArray();
  }
}
