package dev.plumbline.learn.shards;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.Map;

/**
 * The three maps of a wave, all of them backed up on another member: what is to be done, what came
 * of it, and how often each was begun.
 */
final class WaveMaps {
  /** What their names begin with. */
  static final String PREFIX = "plumbline.shards.";

  private final IMap<String, byte[]> work;
  private final IMap<String, byte[]> replies;
  private final IMap<String, Integer> attempts;

  WaveMaps(HazelcastInstance hazelcast, String wave) {
    work = hazelcast.getMap(workName(wave));
    replies = hazelcast.getMap(PREFIX + wave + ".replies");
    attempts = hazelcast.getMap(PREFIX + wave + ".attempts");
  }

  static String workName(String wave) {
    return PREFIX + wave + ".work";
  }

  void give(Shard shard) {
    work.set(shard.id(), shard.work());
  }

  /** Whether somebody finished a shard of the wave. */
  boolean replied(String id) {
    return replies.containsKey(id);
  }

  void begin(String id) {
    for (Integer before = attempts.putIfAbsent(id, 1);
        before != null && !attempts.replace(id, before, before + 1);
        before = attempts.putIfAbsent(id, 1)) {
      // Another member began the same shard between the two: count again.
    }
  }

  /** Puts a reply, unless there is one: the first counts. */
  void reply(String id, Reply reply) {
    replies.putIfAbsent(id, reply.bytes());
  }

  /** The reply to a shard if there is one, which from now on takes no room. */
  Reply take(String id) {
    byte[] bytes = replies.get(id);
    if (bytes == null) {
      return null;
    }
    Reply reply = Reply.of(bytes);
    if (!(reply instanceof Reply.Taken)) {
      replies.set(id, new Reply.Taken().bytes());
    }
    return reply;
  }

  /** Attempts at all shards of the wave. */
  long attempts() {
    return attempts.getAll(attempts.keySet()).entrySet().stream()
        .map(Map.Entry::getValue)
        .mapToLong(Integer::longValue)
        .sum();
  }

  void destroy() {
    work.destroy();
    replies.destroy();
    attempts.destroy();
  }
}
