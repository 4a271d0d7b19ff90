package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import dev.plumbline.learn.job.Whole;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.StatisticsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The results of finished shards, one file each, so that an interrupted job goes on with the
 * others. A file appears whole or not at all, and the first that was kept stays. One thread.
 */
public final class ShardFolder {
  private final Path root;
  private final Function<byte[], Set<String>> shards;

  /** Of statistics. */
  public ShardFolder(Path root) {
    this(root, result -> StatisticsFile.of(result).shards());
  }

  /**
   * @param shards looks at all of a result and says whose it is
   */
  ShardFolder(Path root, Function<byte[], Set<String>> shards) {
    this.root = root;
    this.shards = shards;
  }

  /** Whether a shard's result is here. */
  public boolean has(Shard shard) {
    return Files.exists(file(shard.id()));
  }

  /**
   * Keeps a result, after a look at all of it.
   *
   * @throws dev.plumbline.torch.checkpoint.file.BadFileException if it is none
   * @throws IllegalArgumentException if it is another shard's
   */
  public void keep(Shard shard, byte[] result) {
    Set<String> found = shards.apply(result);
    Check.that(
        found.equals(Set.of(shard.id())),
        "result of shard " + shard,
        "that shard alone",
        found,
        "update the members to this version");
    if (!has(shard)) {
      Whole.file(file(shard.id()), part -> write(part, result));
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  /** One result. */
  byte[] result(Shard shard) {
    try {
      return Files.readAllBytes(file(shard.id()));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file(shard.id()), e);
    }
  }

  /** All statistics as one, folded in the order of the ids; two are in memory at a time. */
  public ShardStatistics merged(List<Shard> shards) {
    return shards.stream()
        .sorted(Comparator.comparing(Shard::id))
        .map(shard -> StatisticsFile.read(file(shard.id())))
        .reduce((all, next) -> ShardStatistics.merge(List.of(all, next)))
        .orElseThrow(() -> Check.refusal("shards", "1 or more", "none", "give data"));
  }

  /** Deletes these shards' results: their sum is kept elsewhere. */
  public void clear(List<Shard> shards) {
    try {
      for (Shard shard : shards) {
        Files.deleteIfExists(file(shard.id()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not clear " + root, e);
    }
  }

  private Path file(String id) {
    Check.that(Shard.isId(id), "shard", "an id", id, "take it from a shard");
    return root.resolve(id + ".moments");
  }
}
