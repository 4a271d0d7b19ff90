package dev.plumbline.agent.shm;

import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.agent.wire.oip.SharedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * System shared memory: POSIX objects, which on Linux are files of one folder. A key is one name in
 * it, never a path, and never a link; the file stays open from its registration, so that another of
 * its name changes nothing. Read and written in place by offset, not mapped: an object that its
 * owner cuts short while it is mapped takes the process down. Thread-safe.
 */
public final class Regions implements AutoCloseable {
  /** Where Linux keeps POSIX shared memory. */
  public static final Path FOLDER = Path.of("/dev/shm");

  private static final int MOST = 256;
  private static final Pattern NAME = Pattern.compile("/?[^/\\x00]{1,250}");

  private final Path folder;
  private final long mostBytes;
  private final Map<String, Region> regions = new TreeMap<>();

  /**
   * @param mostBytes taken from regions by one call
   */
  public Regions(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /**
   * Opens a memory object and remembers the region of it.
   *
   * @throws OipException when there is no such place, or no room for another region
   */
  public synchronized void register(String name, String key, long offset, long byteSize) {
    if (name.isEmpty() || name.length() > 256 || regions.size() >= MOST) {
      throw refused(
          "shared memory: wanted a short name and at most " + MOST + " regions, found others");
    }
    if (regions.containsKey(name)) {
      throw refused(
          "shared memory region " + name + ": wanted a new name, found one in use; unregister it");
    }
    regions.put(name, open(name, key, offset, byteSize));
  }

  private Region open(String name, String key, long offset, long byteSize) {
    Path file = file(key);
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw refused("shared memory key: wanted a memory object, found none of that name");
      }
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      long size = channel.size();
      if (offset < 0 || byteSize <= 0 || byteSize > size || offset > size - byteSize) {
        channel.close();
        throw refused(
            "shared memory region %s: wanted an offset and a size within %d bytes, found %d and %d"
                .formatted(name, size, offset, byteSize));
      }
      return new Region(name, key, offset, byteSize, channel);
    } catch (IOException e) {
      throw refused(
          "shared memory key: wanted an object this agent may read and write, found another");
    }
  }

  private Path file(String key) {
    String bare = key.startsWith("/") ? key.substring(1) : key;
    if (!NAME.matcher(key).matches() || bare.equals(".") || bare.equals("..") || bare.isEmpty()) {
      throw refused("shared memory key: wanted a name such as /states, found another form");
    }
    return folder.resolve(bare);
  }

  /** Forgets a region, or all when the name is empty; one that is unknown is forgotten already. */
  public synchronized void unregister(String name) {
    if (name.isEmpty()) {
      close();
    } else {
      Optional.ofNullable(regions.remove(name)).ifPresent(Regions::close);
    }
  }

  /** A region, or all when the name is empty. */
  public synchronized List<Region> status(String name) {
    return name.isEmpty() ? List.copyOf(regions.values()) : List.of(find(name));
  }

  private synchronized Region find(String name) {
    return Optional.ofNullable(regions.get(name))
        .orElseThrow(
            () ->
                refused(
                    "shared memory region: wanted one of "
                        + regions.keySet()
                        + ", found another; register it"));
  }

  /** Refuses a place that is not within its region. */
  public Region require(SharedMemory where) {
    Region region = find(where.region());
    if (where.byteSize() > region.byteSize()
        || where.offset() > region.byteSize() - where.byteSize()) {
      throw refused(
          "shared memory region %s: wanted a place within %d bytes, found offset %d and size %d"
              .formatted(region.name(), region.byteSize(), where.offset(), where.byteSize()));
    }
    return region;
  }

  /** Refuses a call that would take more than it may, however often it names one region. */
  public void requireRoom(List<SharedMemory> places) {
    long left = mostBytes;
    for (SharedMemory place : places) {
      if (place.byteSize() > left) {
        throw refused(
            "shared memory: wanted at most %d bytes a call (states.bytes), found more"
                .formatted(mostBytes));
      }
      left -= place.byteSize();
    }
  }

  /** A tensor's bytes, copied out. */
  public ByteBuffer read(SharedMemory where) {
    requireRoom(List.of(where));
    Region region = require(where);
    ByteBuffer bytes = ByteBuffer.allocate((int) where.byteSize());
    long at = region.offset() + where.offset();
    try {
      while (bytes.hasRemaining()) {
        if (region.channel().read(bytes, at + bytes.position()) < 0) {
          throw refused(
              "shared memory region " + region.name() + ": wanted its bytes, found it cut short");
        }
      }
      return bytes.flip();
    } catch (IOException e) {
      throw gone(region);
    }
  }

  /**
   * Puts a tensor's bytes in their place.
   *
   * @param where room for at least as many
   */
  public void write(SharedMemory where, ByteBuffer bytes) {
    Region region = require(where);
    long at = region.offset() + where.offset();
    ByteBuffer left = bytes.duplicate();
    if (left.remaining() > where.byteSize()) {
      throw refused(
          "shared memory region %s: wanted room for %d bytes, found %d"
              .formatted(region.name(), left.remaining(), where.byteSize()));
    }
    try {
      // One that was cut short would grow again by writing.
      if (region.channel().size() < at + left.remaining()) {
        throw gone(region);
      }
      while (left.hasRemaining()) {
        at += region.channel().write(left, at);
      }
    } catch (IOException e) {
      throw gone(region);
    }
  }

  /** Whether there is any. */
  public synchronized boolean any() {
    return !regions.isEmpty();
  }

  private static OipException refused(String message) {
    return new OipException(OipFault.INVALID, message);
  }

  private static OipException gone(Region region) {
    return refused(
        "shared memory region " + region.name() + ": wanted it as registered, found it changed");
  }

  @Override
  public synchronized void close() {
    regions.values().forEach(Regions::close);
    regions.clear();
  }

  private static void close(Region region) {
    try {
      region.channel().close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
