package dev.plumbline.torch.serve;

import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.KvCache;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Watch;
import java.util.Arrays;
import java.util.List;

/**
 * One pass over the next tokens of several followed texts, each against its own cache.
 *
 * <p>The program wants rows that end together and bring equally many tokens T. A text that brings
 * fewer goes through its last T tokens, some of them again; what comes of those is left out, so its
 * cache and readouts hold every token once.
 */
final class FollowPass {
  private final Decoder decoder;
  private final Watch watch;

  /** One text's share: its tokens up to {@code to} are to be read. */
  record Share(Follower follower, int to) {
    /** Tokens not read yet. */
    int fresh() {
      return to - follower.read();
    }
  }

  FollowPass(Decoder decoder, Watch watch) {
    this.decoder = decoder;
    this.watch = watch;
  }

  /** Bytes a text of so many tokens adds to a pass that reads several. */
  long bytes(int columns) {
    return KvCache.bytesWithRoom(decoder, columns);
  }

  /**
   * Reads all shares; their followers have caches with room. One that throws has changed nothing
   * and may be tried again.
   */
  void read(List<Share> shares) {
    if (shares.size() == 1) {
      alone(shares.get(0));
    } else {
      together(shares);
    }
  }

  private void alone(Share share) {
    int fresh = share.fresh();
    int before = share.follower.read();
    long[][] tokens = {share.follower.slice(before, share.to)};
    double[] all;
    try (Pass pass = forward(tokens, share.follower.cache())) {
      all = pass.readouts();
    } catch (RuntimeException | Error e) {
      share.follower.cache().truncate(before);
      throw e;
    }
    hand(share, all, 0, fresh, fresh);
  }

  private void together(List<Share> shares) {
    int t = shares.stream().mapToInt(Share::fresh).max().orElseThrow();
    int[] kept = shares.stream().mapToInt(share -> Math.max(0, share.to - t)).toArray();
    int[] fresh = shares.stream().mapToInt(Share::fresh).toArray();
    int start = Arrays.stream(kept).max().orElseThrow();
    long[] pad = shares.stream().mapToLong(share -> start + t - share.to).toArray();
    List<KvCache> caches = shares.stream().map(share -> share.follower.cache()).toList();
    try (KvCache joint = KvCache.gather(caches, kept, pad, t);
        Pass pass = forward(tokens(shares, t), joint)) {
      double[] all = pass.readouts();
      // The last step that can fail, and it counts no column before all are written.
      joint.scatter(caches, fresh);
      for (int i = 0; i < shares.size(); i++) {
        hand(shares.get(i), all, i, t, fresh[i]);
      }
    }
  }

  private static long[][] tokens(List<Share> shares, int t) {
    long[][] tokens = new long[shares.size()][t];
    for (int i = 0; i < tokens.length; i++) {
      Share share = shares.get(i);
      long[] last = share.follower.slice(Math.max(0, share.to - t), share.to);
      System.arraycopy(last, 0, tokens[i], t - last.length, last.length);
    }
    return tokens;
  }

  private Pass forward(long[][] tokens, KvCache cache) {
    return decoder.forward(tokens, cache, watch, null, null, Decoder.Logits.NONE);
  }

  /** The readouts of the answer's tokens among a row's last {@code fresh} ones. */
  private void hand(Share share, double[] all, int row, int t, int fresh) {
    int k = watch == null ? 0 : watch.readouts();
    for (int p = Math.max(share.to - fresh, share.follower.from()); p < share.to; p++) {
      int at = (row * t + t - (share.to - p)) * k;
      share.follower.add(Arrays.copyOfRange(all, at, at + k));
    }
  }
}
