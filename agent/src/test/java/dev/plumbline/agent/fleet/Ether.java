package dev.plumbline.agent.fleet;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Fleets in one process that can be parted and put together again. */
final class Ether {
  private final Map<String, Fleet.Heard> said = new TreeMap<>();
  private final Map<String, Map<String, byte[]>> pieces = new HashMap<>();
  private final Set<String> all = new TreeSet<>();
  private final Set<String> late = new HashSet<>();
  private Set<String> apart = Set.of();

  /** These hear each other only, and nobody else hears them. */
  void part(String... members) {
    apart = new HashSet<>(Set.of(members));
  }

  /** All are together again, and nobody is late. */
  void heal() {
    apart = Set.of();
    late.clear();
  }

  /** What it says is not heard in time from now on. */
  void delay(String member) {
    late.add(member);
  }

  /** Something is said that no agent says. */
  void put(String member, Fleet.Heard what) {
    all.add(member);
    said.put(member, what);
  }

  /** What was kept for others is lost, as when the members that kept it are gone. */
  void forget() {
    pieces.values().forEach(Map::clear);
  }

  /** It is in no fleet any more, without having left. */
  void end(String member) {
    all.remove(member);
    said.remove(member);
  }

  private boolean together(String one, String other) {
    return apart.contains(one) == apart.contains(other);
  }

  Fleet member(String name) {
    pieces.put(name, new HashMap<>());
    return new Fleet() {
      @Override
      public void join() {
        all.add(name);
      }

      @Override
      public boolean joined() {
        return all.contains(name);
      }

      @Override
      public View view() {
        Set<String> seen = new TreeSet<>(all);
        seen.removeIf(other -> !together(name, other));
        return new View(name, seen);
      }

      @Override
      public void say(Shared what) {
        said.put(name, what);
      }

      @Override
      public Map<String, Heard> hear() {
        Map<String, Heard> heard = new TreeMap<>(said);
        heard.keySet().retainAll(view().members());
        heard.remove(name);
        heard.replaceAll((member, what) -> late.contains(member) ? new Late() : what);
        return heard;
      }

      @Override
      public int strays() {
        return 0;
      }

      @Override
      public void keep(String key, byte[] piece) {
        pieces.get(name).put(key, piece);
      }

      @Override
      public Optional<byte[]> kept(String key, int most) {
        return pieces.entrySet().stream()
            .filter(e -> together(name, e.getKey()) && e.getValue().containsKey(key))
            .map(e -> e.getValue().get(key))
            .filter(piece -> piece.length <= most)
            .findFirst();
      }

      @Override
      public void close() {
        all.remove(name);
        said.remove(name);
      }
    };
  }
}
