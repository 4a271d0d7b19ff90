package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.ContrastStatistics;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.StatisticsFile;
import java.util.ArrayList;
import java.util.List;

/** The statistics of contrasts as shards: how they are cut, and how one is read. */
public final class StatisticsShards {
  /** Answers of a side in a shard, about, where nobody says. */
  private static final int ANSWERS = 512;

  private static final int MOST = 64;
  private static final int MOST_ASKED_FOR = 100_000;

  private StatisticsShards() {}

  /**
   * How many shards the data are cut into: it depends on nothing but the data, so that a job has
   * the same bits on any number of machines.
   *
   * @param asked 0 for as many as fit the data
   */
  public static int count(ContrastStatistics statistics, int asked) {
    return count(statistics.answers(), asked);
  }

  /** The same by the number of answers. */
  static int count(int answers, int asked) {
    Check.that(
        asked >= 0 && asked <= MOST_ASKED_FOR,
        "--shards",
        "0 to " + MOST_ASKED_FOR,
        asked,
        "correct it");
    int fitting = (answers + ANSWERS - 1) / ANSWERS;
    return asked > 0 ? asked : Math.max(1, Math.min(MOST, fitting));
  }

  /** All shards, in order. */
  public static List<Shard> cut(ContrastStatistics statistics, int shards) {
    List<Shard> all = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      all.add(new Shard(i, shards, WorkBytes.of(statistics.work(i, shards))));
    }
    return all;
  }

  /**
   * Reads shards with a model, those of {@link ShardedStates} too.
   *
   * @param collector on its thread
   * @param vocabulary V of the model
   */
  public static ShardReader reader(ActivationCollector collector, int vocabulary) {
    return (id, work) ->
        WorkParser.isReading(work)
            ? WorkParser.reading(work, vocabulary).read(collector, id)
            : StatisticsFile.bytes(read(collector, vocabulary, id, work));
  }

  private static ShardStatistics read(
      ActivationCollector collector, int vocabulary, String id, byte[] work) {
    return WorkParser.parse(work, vocabulary).read(collector, id);
  }

  /** Reads them all here, keeping nothing but the sum; the same bits as shard by shard. */
  public static ShardStatistics read(
      ActivationCollector collector, ContrastStatistics statistics, int shards) {
    ShardStatistics all = null;
    for (int i = 0; i < shards; i++) {
      Shard shard = new Shard(i, shards, WorkBytes.of(statistics.work(i, shards)));
      ShardStatistics next = statistics.work(i, shards).read(collector, shard.id());
      all = all == null ? next : ShardStatistics.merge(List.of(all, next));
    }
    return all;
  }
}
