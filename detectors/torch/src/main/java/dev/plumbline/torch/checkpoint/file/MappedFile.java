package dev.plumbline.torch.checkpoint.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A file of any size, mapped read-only.
 *
 * <p>A {@code ByteBuffer} ends at 2 GiB, so the file is mapped in segments that start 1 GiB apart
 * and are up to 2 GiB long: they overlap, which costs address space but no memory, and every range
 * of at most 1 GiB lies in one of them.
 */
final class MappedFile {
  /** The longest range that {@link #slice} gives. */
  static final long LONGEST = 1L << 30;

  private final Path path;
  private final long size;
  private final List<MappedByteBuffer> segments = new ArrayList<>();

  private MappedFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.size = channel.size();
    for (long from = 0; from < size; from += LONGEST) {
      segments.add(channel.map(MapMode.READ_ONLY, from, Math.min(size - from, Integer.MAX_VALUE)));
    }
  }

  static MappedFile open(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return new MappedFile(path, channel);
    } catch (IOException e) {
      throw new BadFileException(
          path,
          "the file itself",
          "a readable file",
          e.toString(),
          "Check the path and its permissions.",
          e);
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /**
   * A little-endian window; the caller has checked the range against the file, this checks it
   * again.
   */
  ByteBuffer slice(long from, int length) {
    Objects.checkFromIndexSize(from, length, size);
    if (length > LONGEST) {
      throw new IllegalArgumentException("wanted at most " + LONGEST + " bytes, found " + length);
    }
    if (length == 0) {
      return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    }
    MappedByteBuffer segment = segments.get((int) (from / LONGEST));
    return segment.slice((int) (from % LONGEST), length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
