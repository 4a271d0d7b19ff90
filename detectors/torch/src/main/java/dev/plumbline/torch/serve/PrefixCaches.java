package dev.plumbline.torch.serve;

import dev.plumbline.core.score.Priority;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The caches of followed texts: those in use and, of texts that ended, those kept for the next one
 * that begins alike. Bounded in bytes; what was not used for longest goes first.
 *
 * <p>Prefixes are copied out of a cache in use and taken over from a kept one when the new text
 * goes on from it, as the next turn of a conversation does. Engine thread only.
 */
final class PrefixCaches implements AutoCloseable {
  /** A shorter common beginning costs less to read than to copy. */
  static final int LEAST_SHARED = 8;

  private record Kept(long[] tokens, KvCache cache) {}

  /** So many kept caches are looked through for each new text. */
  private static final int MOST_KEPT = 256;

  private record Match(KvCache cache, Kept kept, int shared) {}

  private final Decoder decoder;
  private final long bound;
  private final List<Kept> kept = new ArrayList<>();
  private final Set<Follower> live = new LinkedHashSet<>();
  private long hits;
  private long hitTokens;
  private long evictions;

  PrefixCaches(Decoder decoder, long bound) {
    this.decoder = decoder;
    this.bound = bound;
  }

  /**
   * Gives a follower without a cache the longest beginning of its prompt that some cache holds, or
   * an empty one.
   *
   * @param text its tokens so far
   * @return false if there is no room
   */
  boolean attach(Follower follower, long[] text) {
    Match match = best(text, follower.from());
    if (match.shared < LEAST_SHARED) {
      return attachEmpty(follower, text.length);
    }
    if (match.kept != null && 2 * match.shared >= match.kept.tokens.length) {
      kept.remove(match.kept);
      match.cache.truncate(match.shared);
      follower.cache(match.cache);
    } else {
      touch(match.kept);
      if (!room(KvCache.bytesWithRoom(decoder, text.length), match.kept)) {
        return false;
      }
      follower.cache(match.cache.fork(match.shared, text.length));
    }
    hits++;
    hitTokens += match.shared;
    live.add(follower);
    return true;
  }

  private boolean attachEmpty(Follower follower, int length) {
    if (!room(KvCache.bytesWithRoom(decoder, length), null)) {
      return false;
    }
    follower.cache(decoder.cache(new long[1], length));
    live.add(follower);
    return true;
  }

  private Match best(long[] text, int limit) {
    Match best = new Match(null, null, 0);
    for (Kept entry : kept) {
      int shared = shared(text, entry.tokens, Math.min(limit, entry.tokens.length));
      best = shared > best.shared ? new Match(entry.cache, entry, shared) : best;
    }
    Iterator<Follower> others = live.iterator();
    while (best.shared < limit && others.hasNext()) {
      Follower other = others.next();
      int shared = other.shared(text, Math.min(limit, other.read()));
      best = shared > best.shared ? new Match(other.cache(), null, shared) : best;
    }
    return best;
  }

  /** How many of the first {@code limit} tokens two texts share. */
  static int shared(long[] a, long[] b, int limit) {
    int end = Math.min(limit, Math.min(a.length, b.length));
    int at = Arrays.mismatch(a, 0, end, b, 0, end);
    return at < 0 ? end : at;
  }

  private void touch(Kept entry) {
    if (entry != null) {
      kept.remove(entry);
      kept.add(entry);
    }
  }

  /** Whether a follower's cache may grow to so many columns; evicts kept ones for it. */
  boolean mayGrow(Follower follower, int columns) {
    long more = KvCache.bytesWithRoom(decoder, columns) - follower.cache().bytes();
    return more <= 0 || room(more, null);
  }

  private boolean room(long more, Kept spared) {
    long held = bytes();
    Iterator<Kept> oldest = kept.iterator();
    while (held + more > bound && oldest.hasNext()) {
      Kept entry = oldest.next();
      if (entry != spared) {
        held -= entry.cache.bytes();
        oldest.remove();
        evict(entry);
      }
    }
    return held + more <= bound;
  }

  private void evict(Kept entry) {
    entry.cache.close();
    evictions++;
  }

  /** A follower was read: it is the last to lose its cache. */
  void used(Follower follower) {
    live.remove(follower);
    live.add(follower);
  }

  /**
   * The follower read longest ago, those in {@code busy} left out, observed ones before those
   * somebody waits for; null if there is none that may go for one of this priority.
   */
  Follower idlest(Set<Follower> busy, Priority wanted) {
    List<Follower> idle = live.stream().filter(f -> !busy.contains(f)).toList();
    return idle.stream()
        .filter(f -> f.priority() == Priority.OBSERVING)
        .findFirst()
        .or(() -> wanted == Priority.ENFORCING ? idle.stream().findFirst() : Optional.empty())
        .orElse(null);
  }

  /** Frees all kept caches, which is no eviction. */
  void forget() {
    kept.forEach(entry -> entry.cache.close());
    kept.clear();
  }

  /** Frees all kept caches for want of room; whether there were any. */
  boolean evictKept() {
    boolean any = !kept.isEmpty();
    kept.forEach(this::evict);
    kept.clear();
    return any;
  }

  /** Keeps an ended follower's cache for those who begin alike. */
  void keep(Follower follower) {
    KvCache cache = follower.cache();
    live.remove(follower);
    follower.cache(null);
    if (cache != null) {
      kept.add(new Kept(follower.slice(0, cache.used()), cache));
    }
    if (kept.size() > MOST_KEPT) {
      evict(kept.remove(0));
    }
  }

  /** Frees a follower's cache. */
  void free(Follower follower) {
    live.remove(follower);
    if (follower.cache() != null) {
      follower.cache().close();
      follower.cache(null);
    }
  }

  private long bytes() {
    long sum = 0;
    for (Kept entry : kept) {
      sum += entry.cache.bytes();
    }
    for (Follower follower : live) {
      sum += follower.cache().bytes();
    }
    return sum;
  }

  CacheUse use(long lapses) {
    long liveTokens = live.stream().mapToLong(Follower::read).sum();
    long keptTokens = kept.stream().mapToLong(entry -> entry.cache.used()).sum();
    return new CacheUse(liveTokens, keptTokens, bytes(), bound, hits, hitTokens, evictions, lapses);
  }

  @Override
  public void close() {
    List.copyOf(live).forEach(this::free);
    forget();
  }
}
