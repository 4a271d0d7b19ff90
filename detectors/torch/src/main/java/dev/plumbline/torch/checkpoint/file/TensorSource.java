package dev.plumbline.torch.checkpoint.file;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Set;

/**
 * Named tensors in a memory-mapped file or folder of files.
 *
 * <p>Nothing is copied until it is read: {@link #read} widens or dequantises a range into the
 * caller's array, {@link #raw} is a window on the mapping. Safe for any number of reading threads;
 * {@link #close()} must come after the last read. The mapping itself is released by the garbage
 * collector.
 */
public interface TensorSource extends AutoCloseable {
  /** The file or folder that was opened. */
  Path path();

  /** The names of all tensors, in the order of the file. */
  Set<String> names();

  /**
   * Where a tensor is and what it looks like.
   *
   * @throws BadFileException if there is none of that name
   */
  TensorInfo info(String name);

  /** Whether there is a tensor of that name. */
  default boolean has(String name) {
    return names().contains(name);
  }

  /**
   * Widens {@code count} elements from {@code fromElement} on to float32, exactly for the plain
   * types. Any range will do; for quantised types one that starts and ends with a block is fastest.
   *
   * @throws IllegalArgumentException for integer tensors (see {@link #integers})
   * @throws IndexOutOfBoundsException if the range leaves the tensor or the array
   */
  void read(String name, long fromElement, float[] into, int at, int count);

  /** The same, into the remaining room of a buffer, whose position moves on. */
  void read(String name, long fromElement, FloatBuffer into);

  /** All elements of an {@code I32} or {@code I64} tensor. */
  long[] integers(String name);

  /**
   * A little-endian window of at most 1 GiB on the stored bytes: read, not to be kept after {@link
   * #close()}.
   */
  ByteBuffer raw(String name, long fromByte, int length);

  /** All elements of a tensor that fits one array. */
  default float[] read(String name) {
    float[] all = new float[Math.toIntExact(info(name).elements())];
    read(name, 0, all, 0, all.length);
    return all;
  }

  @Override
  void close();
}
