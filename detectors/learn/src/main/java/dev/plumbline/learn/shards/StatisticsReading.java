package dev.plumbline.learn.shards;

import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.ContrastStatistics;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.StatisticsFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a job comes by its statistics: read here with its own model, or by members. Either way the
 * data are cut alike and merged in the same order, so that the bits are the same.
 */
public final class StatisticsReading {
  private final ActivationCollector here;
  private final int shards;
  private final Optional<ShardRunner> members;
  private final Progress progress;
  private final List<Section> sections = new ArrayList<>();

  /**
   * @param here on its thread; not used where there are members
   * @param shards 0 for as many as fit the data
   * @param members who read instead
   */
  public StatisticsReading(
      ActivationCollector here, int shards, Optional<ShardRunner> members, Progress progress) {
    this.here = here;
    this.shards = shards;
    this.members = members;
    this.progress = progress;
  }

  /** The statistics of some contrasts, kept in the job's folder as {@code NAME.moments}. */
  public ShardStatistics read(ContrastStatistics statistics, String name, JobFolder folder) {
    int count = StatisticsShards.count(statistics, shards);
    if (members.isPresent()) {
      return read(members.get(), StatisticsShards.cut(statistics, count), name, folder);
    }
    return StatisticsFile.read(
        folder.file(
            name + ".moments",
            part -> StatisticsFile.write(StatisticsShards.read(here, statistics, count), part)));
  }

  private ShardStatistics read(ShardRunner runner, List<Shard> all, String name, JobFolder folder) {
    ShardFolder kept = new ShardFolder(folder.root().resolve("shards").resolve(name));
    Tally tally =
        folder.stage("shards-" + name, Tally.class, () -> runner.run(all, kept, progress));
    sections.add(tally.section(name));
    ShardStatistics merged =
        StatisticsFile.read(
            folder.file(name + ".moments", part -> StatisticsFile.write(kept.merged(all), part)));
    kept.clear(all);
    return merged;
  }

  /** How the members did, for the report; none where there are no members. */
  public List<Section> sections() {
    return List.copyOf(sections);
  }
}
