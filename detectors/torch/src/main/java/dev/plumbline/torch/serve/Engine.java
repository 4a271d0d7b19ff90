package dev.plumbline.torch.serve;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.score.Priority;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Watch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Generates and reads with one decoder: a thread that admits waiting answers into a running batch,
 * takes a step, and reads a batch of texts between steps.
 *
 * <p>Thread-safe. Both queues have the same bound; over it, {@link QueueFullException}. Owns the
 * decoder and closes it. A failure in a step fails the answers of that batch and no others; a
 * listener that throws fails its own answer. A read pass that does not fit in memory is halved and
 * tried again, and a device that fails again and again is left alone until a trial pass succeeds:
 * see {@link Device}. What reads got is then a {@link DeviceException}.
 */
public final class Engine implements AutoCloseable {
  /**
   * Bounds.
   *
   * @param rows rows generated at once, reference rows included
   * @param queued answers and, separately, reads that may wait
   * @param passTokens tokens a prompt or read pass takes at most, unless one text alone is longer
   * @param cacheBytes what the caches of followed texts may hold on the device
   * @param readDelay how long a text to be read whole may wait for others to share its pass; 0
   *     reads at once while the device is idle, and under load what came in the meantime together
   */
  public record Limits(int rows, int queued, int passTokens, long cacheBytes, Duration readDelay) {
    private static final long CACHE_BYTES = 1L << 30;

    public Limits {
      if (rows < 1 || queued < 1 || passTokens < 1 || cacheBytes < 0 || readDelay.isNegative()) {
        throw new IllegalArgumentException(
            "engine limits: wanted rows, queue and tokens of at least 1, found %d, %d, %d, %d, %s"
                .formatted(rows, queued, passTokens, cacheBytes, readDelay));
      }
    }

    /** The same without delay. */
    public Limits(int rows, int queued, int passTokens, long cacheBytes) {
      this(rows, queued, passTokens, cacheBytes, Duration.ZERO);
    }

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

  /** A trial pass reads this; any tokens will do. */
  private static final long[] TRIAL = new long[16];

  private static final long LONG_WAIT = TimeUnit.HOURS.toNanos(1);

  private final Decoder decoder;
  private final Watch watch;
  private final Limits limits;
  private final Gate gate;
  private final LiveBatch live;
  private final Device device;
  private final Followers followers;
  private final ArrayDeque<Row> waiting = new ArrayDeque<>();
  private final Reads reads;
  private final Thread thread;
  private boolean closed;
  private boolean forgetting;

  /**
   * Starts the engine's thread. The decoder must not be used elsewhere from here on: adapters are
   * added to it before. It is frozen.
   */
  public Engine(Decoder decoder, List<Readout> readouts, Limits limits) {
    this(decoder, readouts, limits, Breaker.Settings.standard(), Device.Hook.NONE);
  }

  /** The same, with passes that a test can make fail. */
  Engine(
      Decoder decoder,
      List<Readout> readouts,
      Limits limits,
      Breaker.Settings breaker,
      Device.Hook hook) {
    decoder.freeze();
    this.decoder = decoder;
    this.watch = readouts.isEmpty() ? null : decoder.watch(List.of(), readouts);
    this.limits = limits;
    this.gate = Gate.of(decoder);
    this.live = new LiveBatch(decoder, watch);
    this.device = new Device(limits.passTokens(), new Breaker(breaker, System::nanoTime), hook);
    this.reads = new Reads(limits.queued(), limits.readDelay(), device);
    this.followers = new Followers(decoder, watch, limits, gate, device, waiting);
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

  /** Queues a text that somebody waits for. */
  public CompletableFuture<double[][]> read(long[] tokens, int from, Optional<String> adapter) {
    return read(tokens, from, adapter, Priority.ENFORCING, () -> false);
  }

  /**
   * Queues a text to be read by the base, or by the base wearing an adapter.
   *
   * @param from first position whose readouts are wanted
   * @param priority enforcing ones are read first, and at the bound the newest observed one makes
   *     room for them: its result is a {@link QueueFullException}
   * @param abandoned whether nobody waits any more: then it is not read
   * @return {@code [n][K]}; fails with {@link DeviceException} where the device did
   * @throws QueueFullException if there is no room
   */
  public CompletableFuture<double[][]> read(
      long[] tokens,
      int from,
      Optional<String> adapter,
      Priority priority,
      BooleanSupplier abandoned) {
    gate.require(tokens, adapter);
    requireFrom(from, tokens.length);
    if (device.failing()) {
      return CompletableFuture.failedFuture(device.refusal());
    }
    ReadJob job =
        new ReadJob(
            tokens,
            from,
            adapter,
            priority,
            abandoned,
            System.nanoTime(),
            new CompletableFuture<>());
    Optional<ReadJob> displaced;
    synchronized (waiting) {
      requireOpen();
      displaced = reads.add(job);
      waiting.notifyAll();
    }
    displaced.ifPresent(
        other -> other.result().completeExceptionally(new QueueFullException(limits.queued())));
    return job.result();
  }

  /** Follows a text that somebody waits for, from the first token of its answer. */
  public Follower follow(long[] prompt) {
    return follow(prompt, prompt.length, Priority.ENFORCING);
  }

  /**
   * Follows a text: its prompt is read now, its answer as it is fed. Read by the base, without
   * adapter.
   *
   * @param from first position whose readouts are wanted; at most the prompt's length
   * @param priority enforcing ones are read first
   * @throws QueueFullException if too many tokens wait to be read
   * @throws DeviceException while the device is failing
   */
  public Follower follow(long[] prompt, int from, Priority priority) {
    gate.require(prompt, Optional.empty());
    requireFrom(from, prompt.length);
    if (device.failing()) {
      throw device.refusal();
    }
    synchronized (waiting) {
      requireOpen();
      return followers.open(prompt, from, priority);
    }
  }

  private static void requireFrom(int from, int length) {
    if (from < 0 || from > length) {
      throw new IllegalArgumentException(
          "readouts: wanted a first position from 0 to "
              + length
              + ", found "
              + from
              + "; correct the call");
    }
  }

  /** Frees, soon, what is kept of ended texts for those that begin alike. */
  public void forget() {
    synchronized (waiting) {
      forgetting = true;
      waiting.notifyAll();
    }
  }

  /** What read passes did, and whether they are tried. */
  public DeviceUse deviceUse() {
    return device.use();
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
    List<ReadJob> left;
    synchronized (waiting) {
      waiting.forEach(row -> row.fail(reason));
      left = reads.takeAll();
    }
    left.forEach(job -> job.result().completeExceptionally(reason));
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
      for (long nanos = idleFor(); !closed && nanos > 0; nanos = idleFor()) {
        try {
          TimeUnit.NANOSECONDS.timedWait(waiting, nanos);
        } catch (InterruptedException e) {
          closed = true;
        }
      }
      return !closed;
    }
  }

  /** Nanoseconds without work, unless some comes: 0 where there is. Under the monitor. */
  private long idleFor() {
    if (forgetting || !waiting.isEmpty() || !live.isEmpty() || followers.hasWork()) {
      return 0;
    }
    if (device.failing()) {
      return reads.isEmpty() ? device.trialIn() : 0;
    }
    return reads.isEmpty() ? LONG_WAIT : reads.dueIn(System.nanoTime());
  }

  private void turn() {
    generate();
    if (device.failing() && device.trialIn() == 0) {
      device.trial(TRIAL.length, () -> forward(new long[][] {TRIAL}, List.of(Optional.empty())));
    }
    forgetIfAsked();
    boolean followersFirst = followersFirst();
    if (followersFirst) {
      followers.turn();
    }
    readSome();
    if (!followersFirst) {
      followers.turn();
    }
  }

  private void forgetIfAsked() {
    boolean asked;
    synchronized (waiting) {
      asked = forgetting;
      forgetting = false;
    }
    if (asked) {
      followers.forget();
    }
  }

  /** Whether somebody waits for what is followed and nobody for what is read whole. */
  private boolean followersFirst() {
    synchronized (waiting) {
      return !reads.hasEnforcing() && followers.hasEnforcing();
    }
  }

  private void generate() {
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

  private void readSome() {
    List<ReadJob> gone = new ArrayList<>();
    List<ReadJob> texts;
    synchronized (waiting) {
      boolean due = device.failing() || reads.dueIn(System.nanoTime()) == 0;
      texts = due ? reads.take(gone) : List.of();
    }
    Reads.cancel(gone);
    if (!texts.isEmpty()) {
      reads.read(texts, this::readTogether, followers::evict);
    }
  }

  private void readTogether(List<ReadJob> texts) {
    int t = texts.stream().mapToInt(job -> job.tokens().length).max().orElseThrow();
    int fresh = texts.stream().mapToInt(job -> job.tokens().length).sum();
    long[][] tokens = new long[texts.size()][];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = Arrays.copyOf(texts.get(i).tokens(), t);
    }
    double[][] all = new double[1][];
    List<Optional<String>> adapters = texts.stream().map(ReadJob::adapter).toList();
    device.run(tokens.length, t, fresh, () -> all[0] = forward(tokens, adapters));
    hand(texts, all[0], t);
  }

  private static RuntimeException asRuntime(Throwable cause) {
    return cause instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("the engine's step failed: " + cause, cause);
  }

  private double[] forward(long[][] tokens, List<Optional<String>> adapters) {
    try (AdapterBank.Worn worn = decoder.adapters().worn(adapters);
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
        values[p] = Arrays.copyOfRange(all, at, at + k);
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
