package dev.plumbline.agent;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plumbline.agent.shm.Regions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

/** A memory object as a client and a model server share it; gone when closed. */
final class SharedStates implements AutoCloseable {
  static final int OFFSET = 64;
  static final int ROOM = 4096;

  final String key = "/plumbline-test-" + UUID.randomUUID();
  private final Path file = Regions.FOLDER.resolve(key.substring(1));

  SharedStates() throws IOException {
    assumeTrue(Files.isDirectory(Regions.FOLDER), "needs POSIX shared memory in /dev/shm");
    Files.write(file, new byte[OFFSET + ROOM]);
  }

  /** What the model server does, into the region at an offset of its own. */
  void put(int at, byte[] states) {
    try (RandomAccessFile object = new RandomAccessFile(file.toFile(), "rw")) {
      object.seek(OFFSET + at);
      object.write(states);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] get(int at, int length) {
    return Arrays.copyOfRange(all(), OFFSET + at, OFFSET + at + length);
  }

  byte[] all() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
