package dev.plumbline.torch.serve;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Watch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Generates and reads with one decoder: a thread that admits waiting answers into a running batch,
 * takes a step, and reads a batch of texts between steps.
 *
 * <p>Thread-safe. Both queues have the same bound; over it, {@link QueueFullException}. Owns the
 * decoder and closes it. A failure in a step fails the answers of that batch and no others; a
 * listener that throws fails its own answer.
 */
public final class Engine implements AutoCloseable {
  /**
   * Bounds.
   *
   * @param rows rows generated at once, reference rows included
   * @param queued answers and, separately, reads that may wait
   * @param passTokens tokens a prompt or read pass takes at most, unless one text alone is longer
   * @param cacheBytes what the caches of followed texts may hold on the device
   */
  public record Limits(int rows, int queued, int passTokens, long cacheBytes) {
    private static final long CACHE_BYTES = 1L << 30;

    /** The same with 1 GiB of caches. */
    public Limits(int rows, int queued, int passTokens) {
      this(rows, queued, passTokens, CACHE_BYTES);
    }

    /** 128 rows, 1024 waiting, 8192 tokens a pass. */
    public static Limits standard() {
      return new Limits(128, 1024, 8192);
    }
  }

  /** The queue is at its bound. */
  public static final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    QueueFullException(int bound) {
      super("queue: wanted room, found " + bound + " waiting; try again later");
    }
  }

  private final Decoder decoder;
  private final Watch watch;
  private final Limits limits;
  private final Gate gate;
  private final LiveBatch live;
  private final Followers followers;
  private final ArrayDeque<Row> waiting = new ArrayDeque<>();
  private final ArrayDeque<ReadJob> reads = new ArrayDeque<>();
  private final Thread thread;
  private boolean closed;

  /**
   * Starts the engine's thread. The decoder must not be used elsewhere from here on: adapters are
   * added to it before. It is frozen.
   */
  public Engine(Decoder decoder, List<Readout> readouts, Limits limits) {
    decoder.freeze();
    this.decoder = decoder;
    this.watch = readouts.isEmpty() ? null : decoder.watch(List.of(), readouts);
    this.limits = limits;
    this.gate = Gate.of(decoder);
    this.live = new LiveBatch(decoder, watch);
    this.followers = new Followers(decoder, watch, limits, gate, waiting);
    this.thread = new Thread(this::run, "plumbline-engine");
    thread.setDaemon(true);
    thread.start();
  }

  /** Queues an answer; the result calls it off, from any thread. */
  public Runnable generate(GenerationJob job, GenerationListener listener) {
    gate.require(job);
    AtomicBoolean cancelled = new AtomicBoolean();
    synchronized (waiting) {
      requireOpen();
      if (waiting.size() >= limits.queued()) {
        throw new QueueFullException(limits.queued());
      }
      waiting.add(Row.serving(job, listener, cancelled));
      waiting.notifyAll();
    }
    return () -> cancelled.set(true);
  }

  /** Queues a text to be read by the base, or by the base wearing an adapter. */
  public CompletableFuture<double[][]> read(long[] tokens, int from, Optional<String> adapter) {
    gate.require(tokens, adapter);
    ReadJob job = new ReadJob(tokens, from, adapter, new CompletableFuture<>());
    synchronized (waiting) {
      requireOpen();
      if (reads.size() >= limits.queued()) {
        throw new QueueFullException(limits.queued());
      }
      reads.add(job);
      waiting.notifyAll();
    }
    return job.result();
  }

  /**
   * Follows a text: its prompt is read now, its answer as it is fed. Read by the base, without
   * adapter.
   *
   * @throws QueueFullException if too many tokens wait to be read
   */
  public Follower follow(long[] prompt) {
    gate.require(prompt, Optional.empty());
    synchronized (waiting) {
      requireOpen();
      return followers.open(prompt);
    }
  }

  /** What followed texts hold; a moment old. */
  public CacheUse cacheUse() {
    return followers.use();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("engine: wanted an open one, found it closed; restart it");
    }
  }

  /** The model's longest sequence. */
  public int positions() {
    return decoder.positions();
  }

  /** Answers waiting. */
  public int queueDepth() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  /** The bound of each queue. */
  public int queueCapacity() {
    return limits.queued();
  }

  private void run() {
    while (await()) {
      turn();
    }
    RuntimeException reason = new IllegalStateException("the engine was closed");
    live.rows().forEach(row -> row.fail(reason));
    synchronized (waiting) {
      waiting.forEach(row -> row.fail(reason));
      reads.forEach(job -> job.result().completeExceptionally(reason));
    }
    live.close();
    followers.close();
    if (watch != null) {
      watch.close();
    }
    decoder.close();
  }

  /** Waits for work; false once closed. */
  private boolean await() {
    synchronized (waiting) {
      while (!closed
          && waiting.isEmpty()
          && reads.isEmpty()
          && live.isEmpty()
          && !followers.hasWork()) {
        try {
          waiting.wait();
        } catch (InterruptedException e) {
          closed = true;
        }
      }
      return !closed;
    }
  }

  private void turn() {
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
      touched.forEach(row -> row.fail(asRuntime(e)));
      live.clear();
    }
    List<ReadJob> texts = nextReads();
    if (!texts.isEmpty()) {
      readAll(texts);
    }
    followers.turn();
  }

  /** Waiting answers that fit beside the live ones, each followed by its reference row. */
  private List<Row> nextRows() {
    List<Row> fresh = new ArrayList<>();
    synchronized (waiting) {
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

  private List<ReadJob> nextReads() {
    List<ReadJob> texts = new ArrayList<>();
    synchronized (waiting) {
      int longest = 0;
      while (!reads.isEmpty()) {
        longest = Math.max(longest, reads.peek().tokens().length);
        if (!texts.isEmpty() && (texts.size() + 1) * longest > limits.passTokens()) {
          break;
        }
        texts.add(reads.poll());
      }
    }
    return texts;
  }

  private void readAll(List<ReadJob> texts) {
    try {
      int t = texts.stream().mapToInt(job -> job.tokens().length).max().orElseThrow();
      long[][] tokens = new long[texts.size()][];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = java.util.Arrays.copyOf(texts.get(i).tokens(), t);
      }
      hand(texts, read(texts, tokens), t);
    } catch (RuntimeException | Error e) {
      texts.forEach(job -> job.result().completeExceptionally(e));
    }
  }

  private static RuntimeException asRuntime(Throwable cause) {
    return cause instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("the engine's step failed: " + cause, cause);
  }

  private double[] read(List<ReadJob> texts, long[][] tokens) {
    try (AdapterBank.Worn worn =
            decoder.adapters().worn(texts.stream().map(ReadJob::adapter).toList());
        Pass pass = decoder.forward(tokens, null, watch, null, worn, Decoder.Logits.NONE)) {
      return pass.readouts();
    }
  }

  private void hand(List<ReadJob> texts, double[] all, int t) {
    int k = watch == null ? 0 : watch.readouts();
    for (int i = 0; i < texts.size(); i++) {
      ReadJob job = texts.get(i);
      double[][] values = new double[Math.max(0, job.tokens().length - job.from())][];
      for (int p = 0; p < values.length; p++) {
        int at = (i * t + job.from() + p) * k;
        values[p] = java.util.Arrays.copyOfRange(all, at, at + k);
      }
      job.result().complete(values);
    }
  }

  /** Fails what is left, frees the decoder, and waits for the thread to end. */
  @Override
  public void close() {
    synchronized (waiting) {
      closed = true;
      waiting.notifyAll();
    }
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
