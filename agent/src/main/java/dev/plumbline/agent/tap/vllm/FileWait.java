package dev.plumbline.agent.tap.vllm;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Waits until the files of one exchange are complete and lie still. vLLM guards them with {@code
 * flock}, which Java's locks do not meet; so a file counts once its size is what its header says
 * and a second look finds it unchanged. Polls with growing steps, since a shared volume need not
 * tell of changes.
 */
final class FileWait {
  private static final Duration FIRST_STEP = Duration.ofMillis(2);
  private static final Duration LONGEST_STEP = Duration.ofMillis(50);

  /**
   * What is waited for.
   *
   * @param name the file, where the answer named it
   * @param pattern its name otherwise
   * @param count how many
   */
  record Wanted(Optional<String> name, Pattern pattern, int count) {}

  /**
   * What came.
   *
   * @param settled names of complete files
   * @param unsettled names of others that were there: cut short, no such file, or a link
   */
  record Arrived(List<String> settled, List<String> unsettled) {}

  private final StatesFolder folder;
  private final Wanted wanted;
  private final long deadline;
  private final BooleanSupplier abandoned;
  private final ScheduledExecutorService threads;
  private final CompletableFuture<Arrived> arrived = new CompletableFuture<>();
  private Map<String, StatesFolder.Look> before = Map.of();
  private long step = FIRST_STEP.toNanos();

  /** Patience has ended: a file that is complete by now is given the second look it needs. */
  private boolean lastLook;

  private FileWait(
      StatesFolder folder,
      Wanted wanted,
      Duration patience,
      BooleanSupplier abandoned,
      ScheduledExecutorService threads) {
    this.folder = folder;
    this.wanted = wanted;
    this.deadline = System.nanoTime() + patience.toNanos();
    this.abandoned = abandoned;
    this.threads = threads;
  }

  /**
   * Begins to wait. Completes with what is there when all came, when patience ends, or when it was
   * abandoned; fails with {@link IOException} when the directory cannot be read.
   */
  static CompletableFuture<Arrived> start(
      StatesFolder folder,
      Wanted wanted,
      Duration patience,
      BooleanSupplier abandoned,
      ScheduledExecutorService threads) {
    FileWait wait = new FileWait(folder, wanted, patience, abandoned, threads);
    wait.schedule(0);
    return wait.arrived;
  }

  private void schedule(long nanos) {
    try {
      threads.schedule(this::poll, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      arrived.complete(new Arrived(List.of(), List.of()));
    }
  }

  private void poll() {
    try {
      Arrived now = look();
      boolean over = lastLook || abandoned.getAsBoolean();
      lastLook = System.nanoTime() - deadline >= 0;
      if (now.settled().size() >= wanted.count() || over) {
        arrived.complete(now);
      } else {
        schedule(step);
        step = Math.min(2 * step, LONGEST_STEP.toNanos());
      }
    } catch (IOException | RuntimeException e) {
      arrived.completeExceptionally(e);
    }
  }

  private Arrived look() throws IOException {
    List<String> settled = new ArrayList<>();
    List<String> unsettled = new ArrayList<>();
    Map<String, StatesFolder.Look> now = new HashMap<>();
    for (String name : names()) {
      Optional<StatesFolder.Look> look = folder.look(name);
      if (look.isPresent()) {
        now.put(name, look.get());
        boolean still = look.get().complete() && look.get().equals(before.get(name));
        (still ? settled : unsettled).add(name);
      }
    }
    before = now;
    return new Arrived(settled, unsettled);
  }

  private List<String> names() throws IOException {
    if (wanted.name().isEmpty()) {
      return folder.names(wanted.pattern());
    }
    if (!folder.there()) {
      throw new java.nio.file.NoSuchFileException(folder.directory().toString());
    }
    return List.of(wanted.name().get());
  }
}
