package dev.plumbline.torch.serve;

import dev.plumbline.core.score.Priority;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Watch;
import dev.plumbline.torch.serve.FollowPass.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * All texts that are being followed. Callers feed them under the engine's monitor; the engine's
 * thread reads those with something new, many in one pass, the one that waits longest first.
 *
 * <p>Two bounds: tokens that wait to be read, and bytes of caches. Over either a follower lapses.
 */
final class Followers implements AutoCloseable {
  /**
   * So many tokens of an answer are waited for before they are read, unless it ends or somebody
   * waits for them: a pass loads all weights even for one, so on a processor one by one costs
   * several times as much.
   */
  static final int LEAST_AT_ONCE = 16;

  /** Tokens that may wait, in passes. */
  private static final int PASSES_WAITING = 16;

  private final Object monitor;
  private final Engine.Limits limits;
  private final Gate gate;
  private final Device device;
  private final FollowPass pass;
  private final PrefixCaches caches;
  private final NextShares next;
  private final LinkedHashSet<Follower> ready = new LinkedHashSet<>();

  /** Results to be told once the turn's numbers are out; engine thread. */
  private final List<Runnable> told = new ArrayList<>();

  private int unread;
  private long lapses;
  private boolean closed;
  private volatile CacheUse use;

  Followers(
      Decoder decoder,
      Watch watch,
      Engine.Limits limits,
      Gate gate,
      Device device,
      Object monitor) {
    this.device = device;
    this.monitor = monitor;
    this.limits = limits;
    this.gate = gate;
    this.pass = new FollowPass(decoder, watch);
    this.caches = new PrefixCaches(decoder, limits.cacheBytes());
    this.next = new NextShares(this, caches, pass, limits, device);
    this.use = CacheUse.none(limits.cacheBytes());
  }

  /** A follower whose prompt is read from now on. Under the monitor. */
  Follower open(long[] prompt, int from, Priority priority) {
    if (!mayWait(prompt.length, priority)) {
      throw new Engine.QueueFullException(unread);
    }
    Follower follower = new Follower(this, prompt, from, priority);
    await(follower, prompt.length);
    return follower;
  }

  /** Under the monitor: whether more may wait; for an enforcing one observed ones lapse. */
  private boolean mayWait(int more, Priority priority) {
    if (unread + more > mostUnread() && priority == Priority.ENFORCING) {
      List<Follower> newestLast = new ArrayList<>(ready);
      for (int i = newestLast.size() - 1; i >= 0 && unread + more > mostUnread(); i--) {
        Follower other = newestLast.get(i);
        if (other.priority() == Priority.OBSERVING && other.waiting() > 0) {
          lapse(other, mostUnread() + " tokens waiting");
        }
      }
    }
    return unread + more <= mostUnread();
  }

  /** Under the monitor: so many fewer tokens of it wait. */
  private void seen(Follower follower, int tokens) {
    int fewer = Math.min(tokens, follower.waiting());
    unread -= fewer;
    follower.waiting(-fewer);
  }

  private void await(Follower follower, int more) {
    count(follower, more);
    ready.add(follower);
    monitor.notifyAll();
  }

  private void count(Follower follower, int more) {
    unread += more;
    follower.waiting(more);
  }

  private int mostUnread() {
    return PASSES_WAITING * limits.passTokens();
  }

  boolean feed(Follower follower, long[] ids) {
    synchronized (monitor) {
      if (follower.over() || follower.ended()) {
        return false;
      }
      try {
        gate.requireNext(follower.length(), ids);
      } catch (IllegalArgumentException e) {
        abandon(follower);
        throw e;
      }
      if (!mayWait(ids.length, follower.priority())) {
        lapse(follower, mostUnread() + " tokens waiting");
        return false;
      }
      follower.append(ids);
      count(follower, ids.length);
      if (follower.waiting() >= LEAST_AT_ONCE) {
        await(follower, 0);
      }
      return true;
    }
  }

  /** Has it read as soon as the device is free, however little there is. */
  void hurry(Follower follower) {
    synchronized (monitor) {
      if (!follower.over() && !follower.hurried() && follower.waiting() > 0) {
        follower.hurried(true);
        await(follower, 0);
      }
    }
  }

  void end(Follower follower) {
    synchronized (monitor) {
      follower.markEnded();
      if (!follower.over()) {
        await(follower, 0);
      }
      if (!closed) {
        return;
      }
    }
    follower.result().completeExceptionally(closing());
  }

  void abandon(Follower follower) {
    synchronized (monitor) {
      leave(follower, new CancellationException("the follower was abandoned"));
    }
  }

  /** Under the monitor: nothing is read for it any more; the engine's thread frees its cache. */
  private void leave(Follower follower, RuntimeException reason) {
    if (!follower.over()) {
      follower.markOver(reason);
      seen(follower, follower.waiting());
      await(follower, 0);
    }
  }

  private void lapse(Follower follower, String bound) {
    if (!follower.over()) {
      lapses++;
      leave(follower, new Follower.Lapsed(bound));
    }
  }

  private static RuntimeException closing() {
    return new IllegalStateException("the engine was closed");
  }

  /** Whether a turn would do something. Under the monitor. */
  boolean hasWork() {
    return !ready.isEmpty();
  }

  /** Whether somebody waits for one that has something to read. Under the monitor. */
  boolean hasEnforcing() {
    return ready.stream().anyMatch(f -> f.priority() == Priority.ENFORCING);
  }

  CacheUse use() {
    return use;
  }

  /** The same because it was asked for, not for want of room. Engine thread. */
  void forget() {
    caches.forget();
    synchronized (monitor) {
      use = caches.use(lapses);
    }
  }

  /** Frees what is kept for texts to come; whether there was anything. Engine thread. */
  boolean evict() {
    boolean any = caches.evictKept();
    synchronized (monitor) {
      use = caches.use(lapses);
    }
    return any;
  }

  /** Reads a batch, and sees off those that ended. Engine thread. */
  void turn() {
    List<Follower> waiting;
    synchronized (monitor) {
      waiting = new ArrayList<>(ready);
    }
    if (waiting.isEmpty()) {
      return;
    }
    waiting.sort(Comparator.comparing(Follower::priority));
    if (device.failing()) {
      refuse(waiting);
    } else {
      read(next.of(waiting));
    }
    waiting.forEach(this::settle);
    synchronized (monitor) {
      use = caches.use(lapses);
    }
    told.forEach(Runnable::run);
    told.clear();
  }

  private void refuse(List<Follower> followers) {
    for (Follower follower : followers) {
      if (!over(follower)) {
        fail(follower, device.refusal());
      }
    }
  }

  boolean over(Follower follower) {
    synchronized (monitor) {
      return follower.over();
    }
  }

  /** It has a cache; what that holds of it already need not be read. */
  void begun(Follower follower) {
    synchronized (monitor) {
      seen(follower, follower.read());
    }
  }

  /** Lets a follower lapse and frees its cache at once. */
  void letGo(Follower follower, String bound) {
    synchronized (monitor) {
      lapse(follower, bound);
    }
    settle(follower);
  }

  void fail(Follower follower, RuntimeException reason) {
    synchronized (monitor) {
      leave(follower, reason);
    }
  }

  /** Reads shares in one pass, or in halves where that does not fit in memory. */
  private void read(List<Share> shares) {
    if (shares.isEmpty()) {
      return;
    }
    if (device.failing()) {
      refuse(shares.stream().map(Share::follower).toList());
      return;
    }
    try {
      readTogether(shares);
    } catch (DeviceException e) {
      int half = shares.size() / 2;
      if (!e.outOfMemory()) {
        shares.forEach(share -> fail(share.follower(), e));
      } else if (half > 0) {
        read(shares.subList(0, half));
        read(shares.subList(half, shares.size()));
      } else {
        readLess(shares.get(0));
      }
    }
  }

  /** After a text alone did not fit: with more room, else half of it, else it lapses. */
  private void readLess(Share share) {
    int half = share.fresh() / 2;
    if (caches.evictKept()) {
      read(List.of(share));
    } else if (half > 0) {
      read(List.of(new Share(share.follower(), share.to() - share.fresh() + half)));
    } else {
      noMemory(share.follower(), share.to());
    }
  }

  /** A text found no memory, however little of it was to be read. */
  void noMemory(Follower follower, int tokens) {
    device.gaveUp(tokens);
    synchronized (monitor) {
      lapse(follower, "memory of the device");
    }
  }

  private void readTogether(List<Share> shares) {
    int[] fresh = shares.stream().mapToInt(Share::fresh).toArray();
    int longest = Arrays.stream(fresh).max().orElseThrow();
    device.run(fresh.length, longest, Arrays.stream(fresh).sum(), () -> pass.read(shares));
    synchronized (monitor) {
      for (int i = 0; i < fresh.length; i++) {
        Follower follower = shares.get(i).follower();
        caches.used(follower);
        seen(follower, fresh[i]);
        follower.hurried(false);
        ready.remove(follower);
        ready.add(follower);
      }
    }
  }

  /** Takes a follower out of the queue that has too little to read, and sees it off at its end. */
  private void settle(Follower follower) {
    boolean over;
    synchronized (monitor) {
      over = follower.over();
      int left = follower.length() - follower.read();
      boolean wanted = follower.ended() || follower.hurried();
      boolean enough = wanted ? left > 0 : left >= LEAST_AT_ONCE;
      if (!over && (follower.cache() == null || enough)) {
        return;
      }
      ready.remove(follower);
      if (!over && !follower.ended()) {
        return;
      }
      follower.markOver(new IllegalStateException("the text was read to its end"));
    }
    if (over) {
      caches.free(follower);
      told.add(() -> follower.result().completeExceptionally(follower.reason()));
    } else {
      caches.keep(follower);
      told.add(() -> follower.result().complete(follower.since(0)));
    }
  }

  /** Fails what is left and frees all caches. Engine thread. */
  @Override
  public void close() {
    List<Follower> left;
    synchronized (monitor) {
      closed = true;
      left = new ArrayList<>(ready);
      ready.clear();
    }
    left.forEach(follower -> follower.result().completeExceptionally(closing()));
    caches.close();
  }
}
