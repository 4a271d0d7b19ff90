package dev.plumbline.agent.scoring;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells subscribers of each settled exchange. Never waits: what a slow one does not take is dropped
 * for it alone, and counted. Thread-safe.
 */
public final class EventFeed {
  /** Somebody who reads the feed. */
  public interface Reader {
    /** Takes an exchange at once, or returns false. */
    boolean test(Exchange exchange);

    /** Takes another event at once, or returns false. */
    default boolean announced(String event, String json) {
      return true;
    }

    /** Nothing follows: whoever reads has to come again. */
    default void ended() {}
  }

  private final int maxSubscribers;
  private final Meters meters;
  private final List<Reader> subscribers = new CopyOnWriteArrayList<>();

  EventFeed(int maxSubscribers, Meters meters) {
    this.maxSubscribers = maxSubscribers;
    this.meters = meters;
  }

  /**
   * Adds a subscriber.
   *
   * @param subscriber takes an exchange at once or returns false
   * @return false when there are too many already
   */
  public synchronized boolean subscribe(Reader subscriber) {
    return subscribers.size() < maxSubscribers && subscribers.add(subscriber);
  }

  /** Removes a subscriber; nothing happens when it is gone already. */
  public void unsubscribe(Reader subscriber) {
    subscribers.remove(subscriber);
  }

  /** Sends all subscribers away, who may come again with what counts now. */
  public synchronized void end() {
    List<Reader> gone = List.copyOf(subscribers);
    subscribers.removeAll(gone);
    gone.forEach(Reader::ended);
  }

  void publish(Exchange exchange) {
    for (Reader subscriber : subscribers) {
      if (!subscriber.test(exchange)) {
        meters.count(Meter.DROPS, "subscriber_slow");
      }
    }
  }

  /** Tells of something else than an exchange. */
  public void announce(String event, String json) {
    for (Reader subscriber : subscribers) {
      if (!subscriber.announced(event, json)) {
        meters.count(Meter.DROPS, "subscriber_slow");
      }
    }
  }
}
