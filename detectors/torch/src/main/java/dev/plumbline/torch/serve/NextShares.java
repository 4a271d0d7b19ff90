package dev.plumbline.torch.serve;

import dev.plumbline.torch.serve.FollowPass.Share;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who goes into the next pass of followed texts, each with a cache that has room for it. Engine
 * thread only.
 */
final class NextShares {
  /** A text brings at most so many tokens to a pass, so that a long prompt holds up nobody long. */
  private static final int MOST_AT_ONCE = 2048;

  private final Followers owner;
  private final PrefixCaches caches;
  private final FollowPass pass;
  private final Engine.Limits limits;
  private final Device device;

  NextShares(
      Followers owner, PrefixCaches caches, FollowPass pass, Engine.Limits limits, Device device) {
    this.owner = owner;
    this.caches = caches;
    this.pass = pass;
    this.limits = limits;
    this.device = device;
  }

  /** Who goes into the next pass: in turn, as long as little is padding. */
  List<Share> of(List<Follower> waiting) {
    List<Share> shares = new ArrayList<>();
    Set<Follower> busy = new HashSet<>();
    boolean full = false;
    for (Follower follower : waiting) {
      Share share = full && follower.cache() == null ? null : allocated(follower, busy, shares);
      if (share == null) {
        continue;
      }
      if (fits(shares, share)) {
        shares.add(share);
        busy.add(follower);
      } else if (follower.read() == 0) {
        full = true;
        caches.free(follower);
      }
    }
    return shares;
  }

  /** The share of a follower, whose cache may need memory that is not there. */
  private Share allocated(Follower follower, Set<Follower> busy, List<Share> shares) {
    try {
      return share(follower, busy, shares);
    } catch (RuntimeException | Error e) {
      DeviceException failure = device.failedToAllocate(e);
      if (failure.outOfMemory() && caches.evictKept()) {
        return allocated(follower, busy, shares);
      }
      if (failure.outOfMemory()) {
        owner.noMemory(follower, follower.length());
      } else {
        owner.fail(follower, failure);
      }
      return null;
    }
  }

  private boolean fits(List<Share> shares, Share next) {
    if (shares.isEmpty()) {
      return true;
    }
    int longest = next.fresh();
    int columns = next.to();
    int sum = next.fresh();
    for (Share share : shares) {
      longest = Math.max(longest, share.fresh());
      columns = Math.max(columns, share.to());
      sum += share.fresh();
    }
    int rows = shares.size() + 1;
    return rows <= limits.rows()
        && rows * longest <= device.limit()
        && 2 * sum >= rows * longest
        && rows * pass.bytes(columns) <= limits.cacheBytes() / 2;
  }

  /** What a follower has to read now; null for nothing, or where it is better off later. */
  private Share share(Follower follower, Set<Follower> busy, List<Share> shares) {
    if (owner.over(follower)) {
      return null;
    }
    int length = follower.length();
    if (follower.cache() == null && !begin(follower, shares, busy)) {
      return null;
    }
    int to = Math.min(length, follower.read() + Math.min(MOST_AT_ONCE, device.limit()));
    return to > follower.read() && grows(follower, to, busy) ? new Share(follower, to) : null;
  }

  /**
   * Finds the beginning it shares with others; false if one now being read is worth waiting for.
   */
  private boolean begin(Follower follower, List<Share> shares, Set<Follower> busy) {
    long[] text = follower.slice(0, follower.length());
    int worth = Math.max(PrefixCaches.LEAST_SHARED, follower.from() / 2);
    for (Share other : shares) {
      if (other.follower().read() == 0
          && other.follower().shared(text, Math.min(follower.from(), other.to())) >= worth) {
        return false;
      }
    }
    while (!caches.attach(follower, text)) {
      if (!makeRoom(follower, busy)) {
        return false;
      }
    }
    owner.begun(follower);
    return true;
  }

  private boolean grows(Follower follower, int columns, Set<Follower> busy) {
    while (!caches.mayGrow(follower, columns)) {
      if (!makeRoom(follower, busy)) {
        return false;
      }
    }
    return true;
  }

  /** Lets the idlest follower lapse; with none idle, this one: then false. */
  private boolean makeRoom(Follower follower, Set<Follower> busy) {
    Set<Follower> spared = new HashSet<>(busy);
    spared.add(follower);
    Follower idlest = caches.idlest(spared, follower.priority());
    Follower goes = idlest == null ? follower : idlest;
    owner.letGo(goes, limits.cacheBytes() + " bytes of caches");
    return idlest != null;
  }
}
