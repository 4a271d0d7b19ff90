package dev.plumbline.agent.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a file's content from time to time, through links: Kubernetes changes a mounted
 * ConfigMap by turning a link, which file events do not tell of. A new content counts once two
 * looks in a row have found it, so a file half written is not taken for one; and it counts once, be
 * it good or bad. The content at the beginning counts too: it may differ from what was read before.
 * Owns a thread.
 */
public final class FileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  private static final String UNREADABLE = "unreadable";

  private final Path file;
  private final BooleanSupplier changed;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(FileWatch::thread);
  private String acted = "";
  private String seen = "";

  /**
   * @param changed called on the watch's thread; false to be called again at the next look
   */
  public FileWatch(Path file, BooleanSupplier changed) {
    this.file = file;
    this.changed = changed;
  }

  /** Begins to look, with this much time between looks. */
  public FileWatch every(Duration pause) {
    looking.scheduleWithFixedDelay(
        this::look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  /** One look. */
  synchronized void look() {
    String now = digest();
    boolean twice = now.equals(seen);
    seen = now;
    if (twice && !now.equals(acted) && act()) {
      acted = now;
    }
  }

  /** A failure must not end the looking. */
  private boolean act() {
    try {
      return changed.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.error("wanted to act on the new content of {}, found a failure", file, e);
      return true;
    }
  }

  private String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      return UNREADABLE;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-file-watch");
    thread.setDaemon(true);
    return thread;
  }
}
