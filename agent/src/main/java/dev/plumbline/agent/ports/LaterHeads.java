package dev.plumbline.agent.ports;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Heads of requests that have begun to come on connections and are not there yet. Of one event
 * loop. Only a head that comes in pieces gets here: one that comes whole costs nothing.
 */
final class LaterHeads {
  private final Map<Channel, Begun> begun = new HashMap<>();

  private static final class Begun {
    private long since;

    private Begun(long since) {
      this.since = since;
    }
  }

  /** A piece of a head came; what follows of it changes nothing. */
  void began(Channel channel) {
    begun.computeIfAbsent(channel, first -> new Begun(System.nanoTime()));
  }

  /** It is whole, or will never be. */
  void ended(Channel channel) {
    begun.remove(channel);
  }

  /**
   * Those under way for longer, which are forgotten. The time of one that is not being read does
   * not run: its rest may be in the socket since an earlier request is at work.
   */
  List<Channel> late(long now, long boundNanos) {
    if (begun.isEmpty()) {
      return List.of();
    }
    List<Channel> late = new ArrayList<>();
    begun.forEach(
        (channel, head) -> {
          if (!channel.config().isAutoRead()) {
            head.since = now;
          } else if (now - head.since > boundNanos) {
            late.add(channel);
          }
        });
    late.forEach(begun::remove);
    return late;
  }

  int size() {
    return begun.size();
  }
}
