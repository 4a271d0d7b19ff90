package dev.plumbline.mitigations.trigger;

import dev.plumbline.core.Check;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trigger for each conversation, over the scores of its exchanges and of their prefixes. At the
 * bound the one least recently seen is forgotten, and counted: an active one too, since whoever may
 * make conversations could else fill the memory. A person's word is for routes. Thread-safe.
 */
public final class Conversations {
  private final StateMachine machine;
  private final int bound;
  private final Map<String, Held> held = new LinkedHashMap<>(16, 0.75f, true);
  private long evicted;
  private long evictedActive;

  /** What is kept of one: where it stands, and the rule that had it. */
  private record Held(Status status, Optional<String> ruled) {}

  /**
   * @param bound conversations remembered
   */
  public Conversations(Levels levels, int bound) {
    Check.that(bound > 0, "conversations", "1 or more", bound, "keep some");
    this.machine = new StateMachine(levels);
    this.bound = bound;
  }

  /** Takes in a score of a conversation. */
  public synchronized List<Transition> observe(String key, Evidence evidence, Instant at) {
    Held now = now(key, at);
    Step step = machine.observe(now.status(), evidence, at);
    boolean active = step.next().active();
    keep(key, new Held(step.next(), active ? now.ruled() : Optional.empty()));
    return step.transitions();
  }

  /**
   * A rule holds of it.
   *
   * @param then what the rule asks for
   */
  public synchronized List<Transition> ruled(String key, String then, Instant at) {
    Held now = now(key, at);
    Step step = machine.ruled(now.status(), at);
    keep(key, new Held(step.next(), step.next().active() ? Optional.of(then) : now.ruled()));
    return step.transitions();
  }

  /** It goes by another name from now on; both are remembered. */
  public synchronized void follows(String key, String next) {
    Held now = held.get(key);
    if (now != null && !key.equals(next)) {
      keep(next, now);
    }
  }

  /** Where a conversation stands; empty for one that is not remembered. */
  public synchronized Optional<TriggerState> state(String key) {
    return Optional.ofNullable(held.get(key)).map(h -> h.status().state());
  }

  /** What the rule asked for that made it active. */
  public synchronized Optional<String> ruledBy(String key) {
    return Optional.ofNullable(held.get(key)).flatMap(Held::ruled);
  }

  public synchronized int size() {
    return held.size();
  }

  /** How many stand in a state; walks all. */
  public synchronized long count(TriggerState state) {
    return held.values().stream().filter(h -> h.status().state() == state).count();
  }

  public synchronized long evicted() {
    return evicted;
  }

  /** Those of the evicted that were active. */
  public synchronized long evictedActive() {
    return evictedActive;
  }

  private Held now(String key, Instant at) {
    Held now = held.get(key);
    return now == null ? new Held(Status.begin(at), Optional.empty()) : now;
  }

  private void keep(String key, Held now) {
    held.put(key, now);
    if (held.size() > bound) {
      var eldest = held.entrySet().iterator();
      evictedActive += eldest.next().getValue().status().active() ? 1 : 0;
      evicted++;
      eldest.remove();
    }
  }
}
