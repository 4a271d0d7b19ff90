package dev.plumbline.learn.statistics;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Moments;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one or several shards of the data come to: a value that can be stored, sent and merged. It
 * knows its shards by id, so none is ever counted twice.
 *
 * <p>{@link #merge} sorts the parts by their first shard id and folds them from the left, whatever
 * order they arrived in: the same parts give the same bits. Against one pass over all the data, or
 * another grouping into parts, it differs by rounding: 1e-12 relative (Frobenius).
 *
 * <p>Read only: moments handed in belong to it, and must not be added to any more. Memory O(D²) per
 * cell.
 */
public final class ShardStatistics {
  private final SortedSet<String> shards;
  private final SortedMap<Cell, Moments> cells;

  private ShardStatistics(Collection<String> shards, Map<Cell, Moments> cells) {
    this.shards = Collections.unmodifiableSortedSet(new TreeSet<>(shards));
    this.cells = Collections.unmodifiableSortedMap(new TreeMap<>(cells));
  }

  /**
   * The statistics of some shards.
   *
   * @param shards ids, one or more; any texts that are the same whenever the same data are meant
   * @param cells by what they were collected over
   */
  public static ShardStatistics of(Collection<String> shards, Map<Cell, Moments> cells) {
    Check.that(!shards.isEmpty(), "statistics", "1 or more shards", "none", "name the shard");
    shards.forEach(shard -> Check.text(shard, "id of a shard"));
    return new ShardStatistics(shards, cells);
  }

  /**
   * All parts as one. A cell that only some of them have is kept.
   *
   * @param parts one or more, read; no shard in two of them
   */
  public static ShardStatistics merge(Collection<ShardStatistics> parts) {
    List<ShardStatistics> order =
        parts.stream().sorted(Comparator.comparing(part -> part.shards.first())).toList();
    Check.that(!order.isEmpty(), "merged statistics", "1 or more parts", "none", "collect some");
    SortedSet<String> shards = new TreeSet<>();
    SortedMap<Cell, Moments> cells = new TreeMap<>();
    for (ShardStatistics part : order) {
      part.shards.forEach(shard -> requireNew(shards.add(shard), shard));
      part.cells.forEach((cell, moments) -> into(cells, cell, moments).merge(moments));
    }
    return new ShardStatistics(shards, cells);
  }

  private static Moments into(Map<Cell, Moments> cells, Cell cell, Moments like) {
    return cells.computeIfAbsent(cell, key -> like.empty());
  }

  private static void requireNew(boolean added, String shard) {
    Check.that(
        added, "merged statistics", "each shard once", "'" + shard + "' twice", "drop one of them");
  }

  /** The ids of the shards in it. */
  public SortedSet<String> shards() {
    return shards;
  }

  /** Every cell there is. */
  public SortedMap<Cell, Moments> cells() {
    return cells;
  }

  /** The moments of a cell that is there; to be read. */
  public Moments at(Cell cell) {
    Moments moments = cells.get(cell);
    Check.that(
        moments != null, "statistics of " + cell, "collected", "none", "collect that class there");
    return moments;
  }
}
