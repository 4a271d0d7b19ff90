package dev.plumbline.agent.scoring;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The last settled exchanges, newest first; the oldest falls out when it is full. Thread-safe. */
final class ExchangeRing {
  private final int capacity;
  private final Deque<Exchange> newestFirst = new ArrayDeque<>();

  ExchangeRing(int capacity) {
    this.capacity = capacity;
  }

  synchronized void add(Exchange exchange) {
    if (newestFirst.size() == capacity) {
      newestFirst.removeLast();
    }
    newestFirst.addFirst(exchange);
  }

  synchronized List<Exchange> latest(int limit) {
    Iterator<Exchange> exchanges = newestFirst.iterator();
    return Stream.generate(exchanges::next).limit(Math.min(limit, newestFirst.size())).toList();
  }

  synchronized Optional<Exchange> find(String id) {
    return newestFirst.stream().filter(exchange -> exchange.id().equals(id)).findFirst();
  }
}
