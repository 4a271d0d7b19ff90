package dev.plumbline.agent.record;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends exchanges to a file, on a thread of its own. The queue is bounded; what does not fit is
 * dropped and counted, and so is what cannot be written: a full disk costs records, never traffic.
 * Thread-safe.
 */
public final class Recorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final int WAITING = 1024;
  private static final int POLL_MILLIS = 200;
  private static final int CLOSE_MILLIS = 5000;

  private final BlockingQueue<RecordedExchange> queue = new ArrayBlockingQueue<>(WAITING);
  private final Path file;
  private final Redactor redactor;
  private final Meters meters;
  private final BufferedWriter out;
  private final Thread writer;
  private volatile boolean closing;
  private boolean failing;

  /**
   * Opens the file, which only its owner may read where the system knows of owners; one that is
   * there already keeps what its group may read, and others lose what they may.
   *
   * @throws UncheckedIOException when it cannot be opened
   */
  public Recorder(Path file, Meters meters) {
    this(file, meters, Redactor.NONE);
  }

  /**
   * The same, with what is taken out of texts before they are written.
   *
   * @throws UncheckedIOException when it cannot be opened
   */
  public Recorder(Path file, Meters meters, Redactor redactor) {
    this.redactor = redactor;
    this.file = file;
    this.meters = meters;
    try {
      if (OwnerOnly.ensure(file)) {
        LOG.warn("record.file: others could read {}; that was taken from them", file);
      }
      this.out =
          Files.newBufferedWriter(
              file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "record.file: wanted a file that can be written, found " + e + " at " + file, e);
    }
    this.writer = new Thread(this::write, "plumbline-record");
    writer.setDaemon(true);
    writer.start();
  }

  /** Keeps an exchange, or drops it when too many wait. */
  public void keep(RecordedExchange exchange) {
    if (closing || !queue.offer(exchange)) {
      meters.count(Meter.RECORDS, "dropped");
    }
  }

  private void write() {
    try {
      while (!closing || !queue.isEmpty()) {
        RecordedExchange next = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          write(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(RecordedExchange exchange) {
    try {
      out.write(RecordLine.write(redactor.redact(exchange)));
      out.newLine();
      if (queue.isEmpty()) {
        out.flush();
      }
      meters.count(Meter.RECORDS, "written");
      failing = false;
    } catch (IOException e) {
      meters.count(Meter.RECORDS, "failed");
      if (!failing) {
        LOG.warn(
            "wanted to record to {}, found: {}; exchanges are not recorded", file, e.toString());
      }
      failing = true;
    }
  }

  /** Writes what waits, up to a deadline. */
  @Override
  public void close() {
    closing = true;
    try {
      writer.join(CLOSE_MILLIS);
      out.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("the recording {} could not be closed: {}", file, e.toString());
    }
  }
}
