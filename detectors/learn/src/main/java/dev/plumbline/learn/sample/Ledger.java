package dev.plumbline.learn.sample;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a job has done so far, a line each, appended as it is done: a job that was cut short goes on
 * behind it. A line that was being written at the end is dropped when the ledger is opened again.
 * Thread-safe; closed by its maker.
 *
 * @param <T> what a line holds
 */
public final class Ledger<T> implements AutoCloseable {
  private static final int BLOCK = 1 << 16;

  private final Path file;
  private final Function<T, String> write;
  private final Map<String, T> done = new LinkedHashMap<>();
  private final OutputStream out;

  /**
   * Opens a ledger, or begins one.
   *
   * @param read makes a thing of a line
   * @param write makes a line, without its end, of a thing
   * @param key tells things apart
   */
  public Ledger(
      Path file,
      Function<JsonLines.Line, T> read,
      Function<T, String> write,
      Function<T, String> key) {
    this.file = file;
    this.write = write;
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (Files.exists(file)) {
        dropBrokenEnd(file);
      }
      if (Files.exists(file) && Files.size(file) > 0) {
        JsonLines.read(file, read).forEach(thing -> done.put(key.apply(thing), thing));
      }
      out =
          new BufferedOutputStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw new UncheckedIOException("could not open " + file, e);
    }
  }

  private static void dropBrokenEnd(Path file) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      long end = raw.length();
      byte[] block = new byte[BLOCK];
      while (end > 0) {
        int size = (int) Math.min(BLOCK, end);
        raw.seek(end - size);
        raw.readFully(block, 0, size);
        for (int i = size - 1; i >= 0; i--, end--) {
          if (block[i] == '\n') {
            raw.setLength(end);
            return;
          }
        }
      }
      raw.setLength(0);
    }
  }

  /** What was done before this ledger was opened, by key; read only. */
  public Map<String, T> done() {
    return Map.copyOf(done);
  }

  /** Notes things as done, all of them before anything else is noted. */
  public synchronized void add(List<T> things) {
    try {
      for (T thing : things) {
        out.write((write.apply(thing) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not close " + file, e);
    }
  }
}
