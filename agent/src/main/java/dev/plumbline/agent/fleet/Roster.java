package dev.plumbline.agent.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the other members said last. One that is gone is remembered for its scores of the last
 * minutes only; what it found counts while it is fresh. Not thread-safe.
 */
final class Roster {
  /** A member that says nothing new for so long has no say in routes. */
  static final Duration FRESH = Duration.ofSeconds(10);

  private static final Duration REMEMBERED = Duration.ofMinutes(Tally.MINUTES);
  private static final int MOST_GONE = 64;

  private final Map<String, Known> known = new TreeMap<>();

  /**
   * A member.
   *
   * @param state as said last
   * @param changed when that was, by this agent's clock
   * @param present whether it is in the view
   */
  record Known(MemberState state, Instant changed, boolean present) {
    Duration age(Instant now) {
      return Duration.between(changed, now);
    }

    boolean fresh(Instant now) {
      return present && age(now).compareTo(FRESH) <= 0;
    }
  }

  /** A member said something; the same beat again is nothing new. */
  void heard(String member, MemberState state, Instant now) {
    Known before = known.get(member);
    boolean same =
        before != null
            && before.state().process().equals(state.process())
            && before.state().beat() == state.beat();
    known.put(member, new Known(state, same ? before.changed() : now, true));
  }

  /** Who is in the view now. */
  void present(Set<String> members, Instant now) {
    known.replaceAll((m, k) -> new Known(k.state(), k.changed(), members.contains(m)));
    known.values().removeIf(k -> !k.present() && k.age(now).compareTo(REMEMBERED) > 0);
    while (known.values().stream().filter(k -> !k.present()).count() > MOST_GONE) {
      known.entrySet().stream()
          .filter(e -> !e.getValue().present())
          .min(Comparator.comparing(e -> e.getValue().changed()))
          .ifPresent(e -> known.remove(e.getKey()));
    }
  }

  /** Members that are remembered and not there. */
  int gone() {
    return (int) known.values().stream().filter(k -> !k.present()).count();
  }

  /** All, by member; a copy. */
  Map<String, Known> all() {
    return new TreeMap<>(known);
  }

  /** What is found by those who spoke lately. */
  Map<String, Map<String, Finding>> findings(Instant now) {
    Map<String, Map<String, Finding>> fresh = new TreeMap<>();
    known.forEach(
        (member, k) -> {
          if (k.fresh(now)) {
            fresh.put(member, k.state().findings());
          }
        });
    return fresh;
  }

  /** The scores of all, merged, of these minutes. */
  Map<Series, Sketch> sketches(Map<Series, Sketch> own, long first, long last, int most) {
    Map<Series, Sketch> merged = new TreeMap<>(own);
    for (Known each : known.values()) {
      each.state()
          .sketches()
          .forEach(
              (series, sketch) -> {
                if (merged.containsKey(series) || merged.size() < most) {
                  merged.merge(series, sketch, Sketch::merge);
                }
              });
    }
    merged.replaceAll((series, sketch) -> sketch.between(first, last));
    return merged;
  }
}
