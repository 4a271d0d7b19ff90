package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import dev.plumbline.learn.job.Progress;
import java.util.ArrayList;
import java.util.List;

/** Which shards a run has left to do, and what it counted. One thread. */
final class Ledger {
  private final List<Shard> open;
  private final ShardFolder folder;
  private final Progress.Task bar;
  private final int all;
  private final int kept;
  private int taken;
  private long attempts;

  Ledger(List<Shard> shards, ShardFolder folder, Progress.Task bar) {
    this.folder = folder;
    this.bar = bar;
    this.all = shards.size();
    long distinct = shards.stream().map(Shard::id).distinct().count();
    Check.that(distinct == all, "shards", "distinct ids", distinct + " of " + all, "cut anew");
    this.open = new ArrayList<>(shards);
    open.removeIf(folder::has);
    this.kept = all - open.size();
    bar.step(kept);
  }

  /** The next shards to do, at most so many; a new list. */
  List<Shard> next(int most) {
    return List.copyOf(open.subList(0, Math.min(most, open.size())));
  }

  boolean finished() {
    return open.isEmpty();
  }

  /** Shards that have their result. */
  int done() {
    return all - open.size();
  }

  int all() {
    return all;
  }

  /** Takes a result, once. */
  void take(Shard shard, byte[] result) {
    Check.that(
        open.contains(shard), "shard " + shard, "one to be done", "its result twice", "stop");
    folder.keep(shard, result);
    open.remove(shard);
    taken++;
    bar.step(1);
  }

  /** Counts how often members began shards. */
  void attempts(long begun) {
    attempts += begun;
  }

  Tally tally(int machines, int membersLost) {
    return new Tally(all, kept, machines, Math.max(0, attempts - taken), membersLost);
  }
}
