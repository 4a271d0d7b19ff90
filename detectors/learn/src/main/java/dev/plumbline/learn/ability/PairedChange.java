package dev.plumbline.learn.ability;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.GroupBootstrap;
import dev.plumbline.core.stats.McNemar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * How a measure moved from one condition to another on the same items.
 *
 * @param pairs items with a value in both
 * @param missing items that lack one in either
 * @param before mean over the pairs
 * @param after mean over the pairs
 * @param change after less before, with an interval from drawing items again; empty for fewer than
 *     2 pairs
 * @param gained pairs from 0 to 1, where all values are 0 or 1
 * @param lost pairs from 1 to 0, likewise
 * @param p of McNemar's exact test; empty for other values
 */
public record PairedChange(
    String measure,
    int pairs,
    int missing,
    double before,
    double after,
    Optional<Estimate> change,
    long gained,
    long lost,
    OptionalDouble p) {
  private static final Set<String> GRADED = Set.of("drop", "loss", "mc2", "meaningful");
  private static final int DRAWS = 2000;
  private static final double CONFIDENCE = 0.95;

  /** The change of one measure. */
  public static PairedChange of(TaskResults before, TaskResults after, String measure, long seed) {
    Map<String, ItemResult> later = after.byId();
    List<double[]> pairs = new ArrayList<>();
    for (ItemResult item : before.items()) {
      Double one = item.values().get(measure);
      Double two = later.containsKey(item.id()) ? later.get(item.id()).values().get(measure) : null;
      if (one != null && two != null) {
        pairs.add(new double[] {one, two});
      }
    }
    double[] differences = pairs.stream().mapToDouble(pair -> pair[1] - pair[0]).toArray();
    boolean binary = binary(measure, pairs.stream().flatMapToDouble(DoubleStream::of));
    long gained = pairs.stream().filter(pair -> pair[1] > pair[0]).count();
    long lost = pairs.stream().filter(pair -> pair[1] < pair[0]).count();
    return new PairedChange(
        measure,
        pairs.size(),
        before.items().size() - pairs.size(),
        pairs.stream().mapToDouble(pair -> pair[0]).average().orElse(Double.NaN),
        pairs.stream().mapToDouble(pair -> pair[1]).average().orElse(Double.NaN),
        differences.length < 2
            ? Optional.empty()
            : Optional.of(new GroupBootstrap(DRAWS, CONFIDENCE, seed).mean(differences)),
        gained,
        lost,
        binary ? OptionalDouble.of(McNemar.exact(gained, lost)) : OptionalDouble.empty());
  }

  /** Whether values are yes or no. A graded measure is not, though all of a few may be 0 or 1. */
  static boolean binary(String measure, DoubleStream values) {
    return !GRADED.contains(measure) && values.allMatch(v -> v == 0 || v == 1);
  }
}
