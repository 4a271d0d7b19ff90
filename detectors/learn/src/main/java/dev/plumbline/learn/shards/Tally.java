package dev.plumbline.learn.shards;

import dev.plumbline.learn.report.Section;
import java.util.List;

/**
 * How reading the shards went. The result depends on none of it.
 *
 * @param shards all there are; each counts once in the result
 * @param kept of them, finished by an earlier run of the job
 * @param machines that could read them at the start
 * @param triedAgain attempts beyond the first at a shard
 * @param membersLost members that left while there was work
 */
public record Tally(int shards, int kept, int machines, long triedAgain, int membersLost) {

  /** Of two readings one after the other. */
  Tally plus(Tally next) {
    return new Tally(
        shards + next.shards,
        kept + next.kept,
        Math.max(machines, next.machines),
        triedAgain + next.triedAgain,
        membersLost + next.membersLost);
  }

  /** For a report. */
  public Section section(String of) {
    return new Section(
        "Shards of " + of,
        List.of("The result does not depend on who read a shard, nor on how often it was tried."),
        List.of("what", "count"),
        List.of(
            List.of("shards, each counted once", shards),
            List.of("of them finished before", kept),
            List.of("machines at the start", machines),
            List.of("attempts beyond the first", triedAgain),
            List.of("members lost", membersLost)),
        List.of());
  }
}
