package dev.plumbline.learn.shards;

import dev.plumbline.learn.job.Progress;
import java.util.List;

/** Gets shards read: here, or by the members of a job. */
@FunctionalInterface
public interface ShardRunner {
  /**
   * Reads what the folder does not have yet, and keeps each result as it comes.
   *
   * @param shards ids distinct
   * @throws IllegalStateException if it cannot go on; what was kept stays
   */
  Tally run(List<Shard> shards, ShardFolder folder, Progress progress);

  /** Here, one after another. */
  static ShardRunner local(ShardReader reader) {
    return (shards, folder, progress) -> {
      try (Progress.Task bar = progress.begin("shards", shards.size())) {
        Ledger ledger = new Ledger(shards, folder, bar);
        for (Shard shard : ledger.next(shards.size())) {
          ledger.attempts(1);
          ledger.take(shard, reader.read(shard.id(), shard.work()));
        }
        return ledger.tally(1, 0);
      }
    };
  }
}
