package dev.plumbline.agent.tracing;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ended spans on their way to a collector: a bounded queue and one thread, which exports them in
 * batches. A span that finds the queue full is dropped; a batch that the collector does not take is
 * not sent again. Each is counted. (The SDK's own processor tells of its drops only to a metrics
 * SDK of its own.) Offering never waits. Owns its thread and the exporter.
 */
final class SpanQueue implements SpanProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);
  private static final int BATCH = 512;
  private static final Duration LINGER = Duration.ofMillis(500);
  private static final Duration MOST_EXPORT = Duration.ofSeconds(10);

  private final BlockingQueue<ReadableSpan> waiting;
  private final SpanExporter exporter;
  private final Meters meters;
  private final Thread thread = new Thread(this::work, "plumbline-spans");
  private volatile boolean stopping;
  private boolean failing;

  /**
   * @param capacity spans waiting at most
   */
  SpanQueue(SpanExporter exporter, Meters meters, int capacity) {
    this.exporter = exporter;
    this.meters = meters;
    this.waiting = new ArrayBlockingQueue<>(capacity);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (stopping || !waiting.offer(span)) {
      meters.count(Meter.TRACE_SPANS, "dropped");
    }
  }

  private void work() {
    try {
      while (!stopping || !waiting.isEmpty()) {
        ReadableSpan first = waiting.poll(LINGER.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          export(batch(first));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As many as there are, after a moment for others to join. */
  private List<ReadableSpan> batch(ReadableSpan first) throws InterruptedException {
    List<ReadableSpan> batch = new ArrayList<>();
    batch.add(first);
    long end = System.nanoTime() + LINGER.toNanos();
    for (long left = end - System.nanoTime();
        left > 0 && batch.size() < BATCH && !stopping;
        left = end - System.nanoTime()) {
      ReadableSpan next = waiting.poll(left, TimeUnit.NANOSECONDS);
      if (next != null) {
        batch.add(next);
      }
    }
    waiting.drainTo(batch, BATCH - batch.size());
    return batch;
  }

  private void export(List<ReadableSpan> batch) {
    boolean taken = send(batch);
    meters.count(Meter.TRACE_SPANS, batch.size(), taken ? "exported" : "failed");
    if (failing == taken) {
      failing = !taken;
      LOG.warn(
          taken
              ? "the collector takes spans again"
              : "wanted the collector at otel.endpoint to take spans, found that it does not;"
                  + " they are given up and counted (plumbline_trace_spans_total)");
    }
  }

  private boolean send(List<ReadableSpan> batch) {
    try {
      return exporter
          .export(batch.stream().map(ReadableSpan::toSpanData).toList())
          .join(MOST_EXPORT.toMillis(), TimeUnit.MILLISECONDS)
          .isSuccess();
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Hands over what waits, within this time; the rest is counted as dropped. */
  void close(Duration most) {
    stopping = true;
    try {
      thread.join(most.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    List<ReadableSpan> left = new ArrayList<>();
    waiting.drainTo(left);
    if (!left.isEmpty()) {
      meters.count(Meter.TRACE_SPANS, left.size(), "dropped");
      LOG.warn("{} spans were not handed over within {} ms", left.size(), most.toMillis());
    }
    exporter.shutdown();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    // Only their end is of interest.
  }

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }
}
