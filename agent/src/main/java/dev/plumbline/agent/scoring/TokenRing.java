package dev.plumbline.agent.scoring;

import dev.plumbline.agent.tap.TokenScores;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The tokens of the last exchanges; the oldest falls out when it is full. Thread-safe. */
final class TokenRing {
  private final int capacity;
  private final Deque<TokensOf> newestFirst = new ArrayDeque<>();

  /**
   * @param capacity exchanges; 0 keeps nothing
   */
  TokenRing(int capacity) {
    this.capacity = capacity;
  }

  synchronized void add(String id, TokenScores tokens) {
    if (capacity == 0) {
      return;
    }
    if (newestFirst.size() == capacity) {
      newestFirst.removeLast();
    }
    newestFirst.addFirst(new TokensOf(id, tokens));
  }

  synchronized List<TokensOf> latest(int limit) {
    return newestFirst.stream().limit(limit).toList();
  }

  synchronized Optional<TokensOf> find(String id) {
    return newestFirst.stream().filter(each -> each.id().equals(id)).findFirst();
  }
}
