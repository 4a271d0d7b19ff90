package dev.plumbline.torch.serve;

import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Watch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers that wait and those in the making. The queue is bounded and under the engine's monitor;
 * turns are the engine thread's.
 */
final class Generations implements AutoCloseable {
  private final Decoder decoder;
  private final Engine.Limits limits;
  private final Device device;
  private final Object monitor;
  private final LiveBatch live;
  private final ArrayDeque<Row> waiting = new ArrayDeque<>();

  Generations(Decoder decoder, Watch watch, Engine.Limits limits, Device device, Object monitor) {
    this.decoder = decoder;
    this.limits = limits;
    this.device = device;
    this.monitor = monitor;
    this.live = new LiveBatch(decoder, watch);
  }

  /** Queues an answer. Under the monitor. */
  void add(Row row) {
    if (waiting.size() >= limits.queued()) {
      throw new Engine.QueueFullException(limits.queued());
    }
    waiting.add(row);
  }

  /** Answers waiting. Under the monitor. */
  int waiting() {
    return waiting.size();
  }

  /** Whether a turn would do something. Under the monitor. */
  boolean hasWork() {
    return !waiting.isEmpty() || !live.isEmpty();
  }

  /** Admits what fits, or takes a step. */
  void turn() {
    List<Row> fresh = nextRows();
    List<Row> touched = new ArrayList<>(live.rows());
    touched.addAll(fresh);
    try {
      if (!fresh.isEmpty()) {
        live.release(true);
        live.admit(fresh);
      } else if (!live.isEmpty()) {
        live.release(live.columns() >= decoder.positions());
        live.step();
      }
      live.release(false);
    } catch (RuntimeException | Error e) {
      device.generationFailed(DeviceException.of(e));
      touched.forEach(row -> row.fail(asRuntime(e)));
      live.clear();
    }
  }

  /** Waiting answers that fit beside the live ones, each followed by its reference row. */
  private List<Row> nextRows() {
    List<Row> fresh = new ArrayList<>();
    synchronized (monitor) {
      int longest = 0;
      while (!waiting.isEmpty()) {
        Row next = waiting.peek();
        int rows = next.hasReference() ? 2 : 1;
        longest = Math.max(longest, next.prompt().length);
        boolean room = live.size() + fresh.size() + rows <= limits.rows();
        boolean cheap = (fresh.size() + rows) * longest <= limits.passTokens();
        boolean alone = live.isEmpty() && fresh.isEmpty();
        if (!alone && !(room && (cheap || fresh.isEmpty()))) {
          break;
        }
        fresh.add(waiting.poll());
        if (next.hasReference()) {
          fresh.add(next.reference());
        }
      }
    }
    return fresh;
  }

  private static RuntimeException asRuntime(Throwable cause) {
    return cause instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("the engine's step failed: " + cause, cause);
  }

  /** All answers, to be failed outside the monitor. Under it. */
  List<Row> takeAll() {
    List<Row> all = new ArrayList<>(live.rows());
    all.addAll(waiting);
    waiting.clear();
    return all;
  }

  @Override
  public void close() {
    live.close();
  }
}
