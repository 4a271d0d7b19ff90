package dev.plumbline.torch.serve;

/**
 * What the caches of followed texts hold and have done since the engine started.
 *
 * @param liveTokens tokens in caches of texts that are being followed
 * @param keptTokens tokens in caches kept for the next text that begins alike
 * @param bytes held on the device by both
 * @param boundBytes the most they may hold
 * @param hits texts that began with what a cache held
 * @param hitTokens tokens that were not read again because of it
 * @param evictions kept caches freed to make room
 * @param lapses followed texts that lost their cache, or got none, for want of room
 */
public record CacheUse(
    long liveTokens,
    long keptTokens,
    long bytes,
    long boundBytes,
    long hits,
    long hitTokens,
    long evictions,
    long lapses) {
  /** Nothing held yet. */
  static CacheUse none(long boundBytes) {
    return new CacheUse(0, 0, 0, boundBytes, 0, 0, 0, 0);
  }
}
