package dev.plumbline.torch.serve;

import dev.plumbline.core.score.Priority;
import dev.plumbline.torch.runtime.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A text that is read while it grows: each token goes through the model once, against the keys and
 * values of those before it, so its readouts equal those of one pass over the whole text.
 *
 * <p>Thread-safe; no call waits for the device. Every follower is {@link #end}ed or {@link
 * #abandon}ed; both free its cache. A follower that {@link Lapsed} lost its cache to a bound: its
 * text can still be read at once by {@link Engine#read}.
 */
public final class Follower {
  /** The follower lost its place to a bound of the engine; read the text in one pass instead. */
  public static final class Lapsed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Lapsed(String bound) {
      super("following: wanted room, found none (" + bound + "); read the whole text at its end");
    }
  }

  private final Followers desk;
  private final int from;
  private final Priority priority;
  private final CompletableFuture<double[][]> result = new CompletableFuture<>();
  private final List<double[]> values = new ArrayList<>();
  private long[] tokens;
  private int length;
  private boolean ended;
  private RuntimeException over;
  private int waiting;
  private boolean hurried;

  /** Engine thread only. */
  private KvCache cache;

  Follower(Followers desk, long[] prompt, int from, Priority priority) {
    this.desk = desk;
    this.from = from;
    this.priority = priority;
    this.length = prompt.length;
    this.tokens = Arrays.copyOf(prompt, prompt.length + 64);
  }

  /**
   * The next tokens of the answer; copied.
   *
   * @return false if they were not taken: over a bound the follower lapses, see {@link #end}
   * @throws IllegalArgumentException for tokens the model does not have, or more than it can read;
   *     the follower is then abandoned
   */
  public boolean feed(long[] ids) {
    return desk.feed(this, ids);
  }

  /**
   * No more tokens come.
   *
   * @return readouts from the first position that was asked for, {@code [n][K]}; fails with {@link
   *     Lapsed} or with what the engine failed with
   */
  public CompletableFuture<double[][]> end() {
    desk.end(this);
    return result;
  }

  /**
   * Somebody waits for the tokens fed so far: they are read in the next pass, where they would
   * otherwise wait for more to come. Holds for that pass.
   */
  public void hurry() {
    desk.hurry(this);
  }

  /** Frees the cache at once; the result, if somebody waits for it, is cancelled. */
  public void abandon() {
    desk.abandon(this);
  }

  /** The readouts known so far, {@code [n][K]}, the first {@code token} left out. */
  public double[][] since(int token) {
    synchronized (values) {
      return values.subList(Math.min(token, values.size()), values.size()).toArray(double[][]::new);
    }
  }

  /** Tokens of prompt and answer fed so far. */
  int length() {
    synchronized (values) {
      return length;
    }
  }

  void append(long[] ids) {
    synchronized (values) {
      if (length + ids.length > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, length + ids.length));
      }
      System.arraycopy(ids, 0, tokens, length, ids.length);
      length += ids.length;
    }
  }

  /** Tokens {@code begin} to before {@code end}, copied. */
  long[] slice(int begin, int end) {
    synchronized (values) {
      return Arrays.copyOfRange(tokens, begin, end);
    }
  }

  /** How many of the first {@code limit} tokens another text has in common with this one. */
  int shared(long[] text, int limit) {
    synchronized (values) {
      return PrefixCaches.shared(text, tokens, Math.min(limit, length));
    }
  }

  /** Under the desk's monitor, like the other marks. */
  boolean ended() {
    return ended;
  }

  void markEnded() {
    ended = true;
  }

  /** Nothing more is read for it: it was abandoned, lapsed, failed or has its result. */
  boolean over() {
    return over != null;
  }

  /** Why it is over. */
  RuntimeException reason() {
    return over;
  }

  void markOver(RuntimeException reason) {
    over = over == null ? reason : over;
  }

  /** Tokens that count as waiting to be read. */
  int waiting() {
    return waiting;
  }

  void waiting(int more) {
    waiting += more;
  }

  /** Whether the next pass reads it with however little it has. */
  boolean hurried() {
    return hurried;
  }

  void hurried(boolean now) {
    hurried = now;
  }

  CompletableFuture<double[][]> result() {
    return result;
  }

  /** The first position whose readouts are wanted: a cache taken over ends before it. */
  int from() {
    return from;
  }

  Priority priority() {
    return priority;
  }

  /** The cache, null before the first read and after the last. Engine thread. */
  KvCache cache() {
    return cache;
  }

  void cache(KvCache next) {
    cache = next;
  }

  /** Tokens that went through the model. Engine thread. */
  int read() {
    return cache == null ? 0 : cache.used();
  }

  void add(double[] value) {
    synchronized (values) {
      values.add(value);
    }
  }
}
