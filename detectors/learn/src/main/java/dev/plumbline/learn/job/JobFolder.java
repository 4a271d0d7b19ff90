package dev.plumbline.learn.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The folder of one job: {@code job.json} (its settings), {@code stages/NAME.json} (what is
 * finished) and what the job writes. A stage, file or folder appears whole or not at all, so a job
 * that is killed goes on with {@code --resume} and ends in the same bytes.
 *
 * <p>One process at a time, by a file lock; one thread. Closed by its maker.
 */
public final class JobFolder implements AutoCloseable {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path root;
  private final FileChannel channel;
  private final FileLock lock;
  private final Consumer<String> finished;

  private JobFolder(Path root, FileChannel channel, FileLock lock, Consumer<String> finished) {
    this.root = root;
    this.channel = channel;
    this.lock = lock;
    this.finished = finished;
  }

  /**
   * Opens a folder for a job.
   *
   * @throws IllegalArgumentException if it holds a job already and is not to be resumed, or holds
   *     one with other settings, or stages of a job that nobody knows the settings of, or another
   *     process works in it
   */
  static JobFolder open(Path root, boolean resume, JobSettings settings) {
    return open(root, resume, settings, name -> {});
  }

  /** The same, telling of everything that is finished. */
  static JobFolder open(
      Path root, boolean resume, JobSettings settings, Consumer<String> finished) {
    try {
      Path note = root.resolve("job.json");
      JsonNode own = MAPPER.valueToTree(settings);
      if (Files.exists(note)) {
        requireSame(note, resume, own);
      } else {
        requireNoStages(root);
      }
      Files.createDirectories(root.resolve("stages"));
      FileChannel channel =
          FileChannel.open(
              root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      JobFolder folder = new JobFolder(root, channel, lock(root, channel), finished);
      if (!Files.exists(note)) {
        Whole.file(note, part -> write(part, own));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("could not open " + root + ": " + e.getMessage(), e);
    }
  }

  /** Without the settings nobody can say whose results these are; none may pass for this job's. */
  private static void requireNoStages(Path root) throws IOException {
    Path stages = root.resolve("stages");
    if (Files.isDirectory(stages)) {
      try (Stream<Path> finished = Files.list(stages)) {
        finished
            .findAny()
            .ifPresent(
                stage -> {
                  throw new IllegalArgumentException(
                      root
                          + ": wanted a new folder, found "
                          + root.relativize(stage)
                          + " without the job.json it belongs to; delete the folder or name"
                          + " another --out");
                });
      }
    }
  }

  private static FileLock lock(Path root, FileChannel channel) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process: as much in use as by another.
    }
    if (lock == null) {
      channel.close();
      throw new IllegalArgumentException(
          root + ": wanted a folder no other job works in, found it locked; wait or use another");
    }
    return lock;
  }

  private static void requireSame(Path note, boolean resume, JsonNode own) throws IOException {
    if (!resume) {
      throw new IllegalArgumentException(
          note.getParent()
              + ": wanted a new folder, found a job in it; add --resume to go on with it, or name"
              + " another --out");
    }
    List<String> differences = differences(MAPPER.readTree(note.toFile()), own);
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          note
              + ": wanted the settings it was begun with, found other "
              + String.join("; ", differences)
              + "; give the same, or name another --out");
    }
  }

  private static List<String> differences(JsonNode before, JsonNode now) {
    Map<String, String> left = flat(before);
    Map<String, String> right = flat(now);
    List<String> differences = new ArrayList<>();
    TreeMap<String, String> keys = new TreeMap<>(left);
    keys.putAll(right);
    for (String key : keys.keySet()) {
      String was = left.getOrDefault(key, "nothing");
      String is = right.getOrDefault(key, "nothing");
      if (!was.equals(is)) {
        differences.add(key + " (" + was + " before, " + is + " now)");
      }
    }
    return differences;
  }

  private static Map<String, String> flat(JsonNode settings) {
    Map<String, String> flat = new TreeMap<>();
    flat.put("command", settings.path("command").asText());
    settings.path("options").fields().forEachRemaining(e -> flat.put(e.getKey(), text(e)));
    settings.path("files").fields().forEachRemaining(e -> flat.put(e.getKey(), text(e)));
    return flat;
  }

  private static String text(Map.Entry<String, JsonNode> entry) {
    return entry.getValue().asText();
  }

  /** Where everything goes. */
  public Path root() {
    return root;
  }

  /** Whether a stage is finished. */
  public boolean has(String stage) {
    return Files.exists(note(stage));
  }

  private Path note(String stage) {
    return root.resolve("stages").resolve(stage + ".json");
  }

  /**
   * A result that is computed once: written as JSON, and what is returned is what was read back, so
   * that a resumed job works with the same numbers.
   *
   * @param name of the file, distinct within the job
   * @param type a record or what else Jackson reads and writes
   */
  public <T> T stage(String name, Class<T> type, Supplier<T> work) {
    Path note = note(name);
    if (!Files.exists(note)) {
      T done = work.get();
      Whole.file(note, part -> write(part, done));
      finished.accept(name);
    }
    try {
      return MAPPER.readValue(note.toFile(), type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          note + ": wanted the stage's result, found " + e.getOriginalMessage() + "; delete it", e);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + note, e);
    }
  }

  private static void write(Path file, Object value) {
    try {
      MAPPER.writeValue(file.toFile(), value);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file + ": " + e.getMessage(), e);
    }
  }

  /** A folder below the root, filled once; it appears when it is whole. */
  public Path folder(String name, Consumer<Path> fill) {
    Path folder = root.resolve(name);
    if (!Files.exists(folder)) {
      Whole.folder(folder, fill);
      finished.accept(name);
    }
    return folder;
  }

  /** A file below the root, written once; it appears when it is whole. */
  public Path file(String name, Consumer<Path> fill) {
    Path file = root.resolve(name);
    if (!Files.exists(file)) {
      Whole.file(file, fill);
      finished.accept(name);
    }
    return file;
  }

  @Override
  public void close() {
    try (channel) {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException("could not unlock " + root, e);
    }
  }
}
