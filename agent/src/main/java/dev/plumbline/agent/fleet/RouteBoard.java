package dev.plumbline.agent.fleet;

import dev.plumbline.mitigations.trigger.TriggerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the routes of the fleet stand by what the other members find.
 *
 * <p>The merge rule: a route is active while as many members as the quorum find it active, and for
 * the hold after the last such moment; else armed while any finds it armed or active, or holds;
 * else off. It is a function of the set of findings alone, so all members who hear the same agree,
 * and an order to {@code arm} or {@code disarm} makes earlier findings void.
 *
 * <p>{@link #state} is asked by requests from any thread and never waits; the rest comes from the
 * fleet's thread.
 */
final class RouteBoard {
  private final int quorum;
  private final Duration hold;
  private final Map<String, Instant> activeUntil = new TreeMap<>();
  private final Map<String, TriggerState> states = new ConcurrentHashMap<>();

  /**
   * A route changed its state.
   *
   * @param by members whose findings did it; none where the last of them is gone
   */
  record Turn(String route, TriggerState from, TriggerState to, List<String> by) {}

  RouteBoard(int quorum, Duration hold) {
    this.quorum = quorum;
    this.hold = hold;
  }

  /** What the others find of a route. */
  TriggerState state(String route) {
    return states.getOrDefault(route, TriggerState.OFF);
  }

  /** Whether any route is active. */
  boolean anyActive() {
    return states.containsValue(TriggerState.ACTIVE);
  }

  /** All that are not off, a copy. */
  Map<String, TriggerState> states() {
    return new TreeMap<>(states);
  }

  /** An operator's word ends what was held. */
  void ordered(String route) {
    activeUntil.remove(route);
  }

  /**
   * Puts in force what is heard now.
   *
   * @param heard by member and route: of all that were heard lately
   * @param under the sequence numbers of the commands that hold, by route
   */
  List<Turn> hear(Map<String, Map<String, Finding>> heard, Map<String, Long> under, Instant now) {
    Map<String, List<String>> active = new TreeMap<>();
    Map<String, List<String>> armed = new TreeMap<>();
    heard.forEach(
        (member, findings) ->
            findings.forEach(
                (route, finding) -> {
                  if (finding.under() < under.getOrDefault(route, 0L)) {
                    return;
                  }
                  if (finding.state() != TriggerState.OFF) {
                    armed.computeIfAbsent(route, r -> new ArrayList<>()).add(member);
                  }
                  if (finding.state() == TriggerState.ACTIVE) {
                    active.computeIfAbsent(route, r -> new ArrayList<>()).add(member);
                  }
                }));
    active.forEach(
        (route, by) -> {
          if (by.size() >= quorum) {
            activeUntil.put(route, now.plus(hold));
          }
        });
    return turn(active, armed, now);
  }

  private List<Turn> turn(
      Map<String, List<String>> active, Map<String, List<String>> armed, Instant now) {
    TreeSet<String> routes = new TreeSet<>(states.keySet());
    routes.addAll(armed.keySet());
    routes.addAll(activeUntil.keySet());
    List<Turn> turns = new ArrayList<>();
    for (String route : routes) {
      boolean enough = active.getOrDefault(route, List.of()).size() >= quorum;
      boolean held = activeUntil.containsKey(route) && now.isBefore(activeUntil.get(route));
      if (!enough && !held) {
        activeUntil.remove(route);
      }
      TriggerState from = state(route);
      TriggerState to =
          enough || held
              ? TriggerState.ACTIVE
              : armed.containsKey(route) ? TriggerState.ARMED : TriggerState.OFF;
      put(route, to);
      if (from != to) {
        turns.add(new Turn(route, from, to, armed.getOrDefault(route, List.of())));
      }
    }
    return turns;
  }

  private void put(String route, TriggerState to) {
    if (to == TriggerState.OFF) {
      states.remove(route);
    } else {
      states.put(route, to);
    }
  }
}
