package dev.plumbline.agent.tap;

/**
 * What a tap that follows exchanges holds, and what it has done since it was opened.
 *
 * @param liveTokens tokens held of exchanges under way
 * @param keptTokens tokens held of ended ones, for the next that begins alike
 * @param bytes held on the device for both
 * @param boundBytes the most they may be
 * @param hits exchanges that began with what was held
 * @param hitTokens tokens not read again because of it
 * @param evictions held beginnings freed to make room
 * @param lapses exchanges that lost their place to a bound
 * @param followed answers read while they passed
 * @param readWhole answers followed in vain and read at their end, lapses and mismatches both
 * @param mismatches of those, where what was followed was not the beginning of the whole
 */
public record FollowUse(
    long liveTokens,
    long keptTokens,
    long bytes,
    long boundBytes,
    long hits,
    long hitTokens,
    long evictions,
    long lapses,
    long followed,
    long readWhole,
    long mismatches) {
  /** Of a tap that follows nothing. */
  public static final FollowUse NONE = new FollowUse(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
