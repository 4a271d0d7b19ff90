package dev.plumbline.agent.fleet;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * Counts of scores in {@value #BINS} equal bins of [0,1], by the process that counted and by
 * minute. Within its minute a process only adds, so of two copies of one cell the larger counts are
 * the later, and merging is the larger of each count: exact, whatever arrives, in whatever order
 * and however often (a grow-only counter, Shapiro et al. 2011). Immutable.
 */
final class Sketch {
  static final int BINS = 128;

  /** No scores. */
  static final Sketch EMPTY = new Sketch(Map.of());

  private final Map<Cell, long[]> cells;

  /**
   * Where counts belong.
   *
   * @param process that counted; another after a restart
   * @param minute since the epoch, by its clock
   */
  record Cell(String process, long minute) implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      int byProcess = process.compareTo(other.process);
      return byProcess != 0 ? byProcess : Long.compare(minute, other.minute);
    }
  }

  private Sketch(Map<Cell, long[]> cells) {
    this.cells = cells;
  }

  /**
   * One cell.
   *
   * @param counts by bin, copied
   */
  static Sketch of(Cell cell, long[] counts) {
    Check.size(BINS, counts.length, "counts of a sketch");
    return new Sketch(Map.of(cell, counts.clone()));
  }

  /** The bin of a score. */
  static int bin(double score) {
    return (int) Math.min(BINS - 1, Math.max(0, Math.floor(score * BINS)));
  }

  /** This and the other, where both count the same once. */
  Sketch merge(Sketch other) {
    Map<Cell, long[]> all = new TreeMap<>(cells);
    other.cells.forEach((cell, counts) -> all.merge(cell, counts, Sketch::larger));
    return new Sketch(all);
  }

  private static long[] larger(long[] one, long[] other) {
    long[] both = one.clone();
    Arrays.setAll(both, bin -> Math.max(one[bin], other[bin]));
    return both;
  }

  /** Of these minutes only. */
  Sketch between(long first, long last) {
    Map<Cell, long[]> some = new TreeMap<>();
    cells.forEach(
        (cell, counts) -> {
          if (cell.minute() >= first && cell.minute() <= last) {
            some.put(cell, counts);
          }
        });
    return new Sketch(some);
  }

  /** The cells there are; the counts are read, not kept. */
  Map<Cell, long[]> cells() {
    return cells;
  }

  /** Counts by bin over all processes and minutes, a new array. */
  long[] counts() {
    long[] sums = new long[BINS];
    cells.values().forEach(counts -> Arrays.setAll(sums, bin -> sums[bin] + counts[bin]));
    return sums;
  }

  long total() {
    return Arrays.stream(counts()).sum();
  }

  /** The upper edge of the bin that a share of the scores is within; NaN without a score. */
  double quantile(double share) {
    long[] counts = counts();
    double wanted = share * Arrays.stream(counts).sum();
    long seen = 0;
    for (int bin = 0; bin < BINS; bin++) {
      seen += counts[bin];
      if (seen > 0 && seen >= wanted) {
        return (bin + 1.0) / BINS;
      }
    }
    return Double.NaN;
  }

  /**
   * The Kolmogorov-Smirnov distance {@code max |F(s) - F₀(s)|} at the bins' edges; NaN without a
   * score.
   *
   * @param baseline F₀, the share of aligned scores at or below a score
   */
  double distance(DoubleUnaryOperator baseline) {
    long[] counts = counts();
    double total = Arrays.stream(counts).sum();
    if (total == 0) {
      return Double.NaN;
    }
    double most = 0;
    long seen = 0;
    for (int bin = 0; bin < BINS - 1; bin++) {
      seen += counts[bin];
      double base = baseline.applyAsDouble((bin + 1.0) / BINS);
      most = Math.max(most, Math.abs(seen / total - base));
    }
    return most;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sketch that
        && cells.keySet().equals(that.cells.keySet())
        && cells.entrySet().stream()
            .allMatch(e -> Arrays.equals(e.getValue(), that.cells.get(e.getKey())));
  }

  @Override
  public int hashCode() {
    return cells.keySet().hashCode();
  }
}
