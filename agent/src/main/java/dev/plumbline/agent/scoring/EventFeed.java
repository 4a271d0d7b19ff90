package dev.plumbline.agent.scoring;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Tells subscribers of each settled exchange. Never waits: what a slow one does not take is dropped
 * for it alone, and counted. Thread-safe.
 */
public final class EventFeed {
  private final int maxSubscribers;
  private final Meters meters;
  private final List<Predicate<Exchange>> subscribers = new CopyOnWriteArrayList<>();

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
  public synchronized boolean subscribe(Predicate<Exchange> subscriber) {
    return subscribers.size() < maxSubscribers && subscribers.add(subscriber);
  }

  /** Removes a subscriber; nothing happens when it is gone already. */
  public void unsubscribe(Predicate<Exchange> subscriber) {
    subscribers.remove(subscriber);
  }

  void publish(Exchange exchange) {
    for (Predicate<Exchange> subscriber : subscribers) {
      if (!subscriber.test(exchange)) {
        meters.count(Meter.DROPS, "subscriber_slow");
      }
    }
  }
}
