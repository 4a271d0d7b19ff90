package dev.plumbline.learn.shards;

/**
 * Does the work of a shard with this machine's model. The same bytes give the same result wherever
 * model, dtype, device and threads are the same. One thread at a time.
 */
@FunctionalInterface
public interface ShardReader {
  /**
   * The result of a shard.
   *
   * @param id of the shard, which the result bears
   * @param work as {@link Shard#work} has it; checked
   * @throws IllegalArgumentException or a BadFileException if the work cannot be done on any
   *     machine
   */
  byte[] read(String id, byte[] work);
}
