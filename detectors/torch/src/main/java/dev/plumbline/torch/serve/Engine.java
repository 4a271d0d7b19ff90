package dev.plumbline.torch.serve;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.score.Priority;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Watch;
import java.time.Duration;
import java.util.ArrayList;
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

  private static final long LONG_WAIT = TimeUnit.HOURS.toNanos(1);

  private final Decoder decoder;
  private final Watch watch;
  private final Limits limits;
  private final Gate gate;
  private final Generations generations;
  private final Device device;
  private final Followers followers;
  private final Object monitor = new Object();
  private final Reads reads;
  private final ReadPass readPass;
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
    this.device = new Device(limits.passTokens(), new Breaker(breaker, System::nanoTime), hook);
    this.reads = new Reads(limits.queued(), limits.readDelay(), device);
    this.followers = new Followers(decoder, watch, limits, gate, device, monitor);
    this.generations = new Generations(decoder, watch, limits, device, monitor);
    this.readPass = new ReadPass(decoder, watch, device);
    this.thread = new Thread(this::run, "plumbline-engine");
    thread.setDaemon(true);
    thread.start();
  }

  /** Queues an answer; the result calls it off, from any thread. */
  public Runnable generate(GenerationJob job, GenerationListener listener) {
    gate.require(job);
    AtomicBoolean cancelled = new AtomicBoolean();
    synchronized (monitor) {
      requireOpen();
      generations.add(Row.serving(job, listener, cancelled));
      monitor.notifyAll();
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
    synchronized (monitor) {
      requireOpen();
      displaced = reads.add(job);
      monitor.notifyAll();
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
    synchronized (monitor) {
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
    synchronized (monitor) {
      forgetting = true;
      monitor.notifyAll();
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

  /** Rows of the embedding: every token id is below. */
  public int vocabulary() {
    return decoder.vocabulary();
  }

  /** Answers waiting. */
  public int queueDepth() {
    synchronized (monitor) {
      return generations.waiting();
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
    List<ReadJob> left;
    List<Row> answers;
    synchronized (monitor) {
      answers = generations.takeAll();
      left = reads.takeAll();
    }
    answers.forEach(row -> row.fail(reason));
    left.forEach(job -> job.result().completeExceptionally(reason));
    generations.close();
    followers.close();
    if (watch != null) {
      watch.close();
    }
    decoder.close();
  }

  /** Waits for work; false once closed. */
  private boolean await() {
    synchronized (monitor) {
      for (long nanos = idleFor(); !closed && nanos > 0; nanos = idleFor()) {
        try {
          TimeUnit.NANOSECONDS.timedWait(monitor, nanos);
        } catch (InterruptedException e) {
          closed = true;
        }
      }
      return !closed;
    }
  }

  /** Nanoseconds without work, unless some comes: 0 where there is. Under the monitor. */
  private long idleFor() {
    if (forgetting || generations.hasWork() || followers.hasWork()) {
      return 0;
    }
    if (device.failing()) {
      return reads.isEmpty() ? device.trialIn() : 0;
    }
    return reads.isEmpty() ? LONG_WAIT : reads.dueIn(System.nanoTime());
  }

  private void turn() {
    generations.turn();
    if (device.failing() && device.trialIn() == 0) {
      readPass.trial();
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
    synchronized (monitor) {
      asked = forgetting;
      forgetting = false;
    }
    if (asked) {
      followers.forget();
    }
  }

  /** Whether somebody waits for what is followed and nobody for what is read whole. */
  private boolean followersFirst() {
    synchronized (monitor) {
      return !reads.hasEnforcing() && followers.hasEnforcing();
    }
  }

  private void readSome() {
    List<ReadJob> gone = new ArrayList<>();
    List<ReadJob> texts;
    synchronized (monitor) {
      boolean due = device.failing() || reads.dueIn(System.nanoTime()) == 0;
      texts = due ? reads.take(gone) : List.of();
    }
    Reads.cancel(gone);
    if (!texts.isEmpty()) {
      reads.read(texts, readPass::read, followers::evict);
    }
  }

  /** Fails what is left, frees the decoder, and waits for the thread to end. */
  @Override
  public void close() {
    synchronized (monitor) {
      closed = true;
      monitor.notifyAll();
    }
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
