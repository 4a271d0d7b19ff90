package dev.plumbline.agent.tap.vllm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A very small file system in memory, over a directory. Linux, and only for those who may mount.
 */
final class FullDisk implements AutoCloseable {
  private final Path directory;

  private FullDisk(Path directory) {
    this.directory = directory;
  }

  static FullDisk over(Path directory) {
    assumeTrue(
        run(List.of("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", directory.toString())),
        "needs the right to mount a small file system; run as root");
    return new FullDisk(directory);
  }

  /** Writes as much of a file as there is room for, as a model server does. */
  static void fill(Path file, byte[] bytes) {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(bytes);
      throw new AssertionError("wanted too little room, found enough");
    } catch (IOException full) {
      // What could be written stays.
    }
  }

  @Override
  public void close() {
    run(List.of("umount", "-l", directory.toString()));
  }

  private static boolean run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
