package dev.plumbline.agent.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Parsed settings. */
final class Values {
  private final Map<Key, Object> single = new EnumMap<>(Key.class);
  private final Map<Family, Map<String, Object>> families = new EnumMap<>(Family.class);

  private Values() {
    for (Family family : Family.values()) {
      families.put(family, new TreeMap<>());
    }
  }

  static Values parse(Map<String, Setting> settings, List<Mistake> mistakes) {
    Values values = new Values();
    for (Key key : Key.values()) {
      key.fallback().ifPresent(text -> values.single.put(key, key.type().parse(text)));
    }
    settings.forEach((name, setting) -> values.take(name, setting, mistakes));
    return values;
  }

  private void take(String name, Setting setting, List<Mistake> mistakes) {
    Optional<Key> key = Key.find(name);
    Optional<Map.Entry<Family, String>> member = Family.find(name);
    if (key.isPresent()) {
      parse(name, key.get().type(), setting, mistakes)
          .ifPresent(value -> single.put(key.get(), value));
    } else if (member.isPresent()) {
      Family family = member.get().getKey();
      parse(name, family.type(), setting, mistakes)
          .ifPresent(value -> families.get(family).put(member.get().getValue(), value));
    } else {
      mistakes.add(
          new Mistake(name, setting.source(), "an unknown key", "a known key, see --help"));
    }
  }

  private static Optional<Object> parse(
      String name, ValueType type, Setting setting, List<Mistake> mistakes) {
    try {
      return Optional.of(type.parse(setting.text()));
    } catch (RuntimeException e) {
      mistakes.add(new Mistake(name, setting.source(), setting.shown(), type.wanted(e)));
      return Optional.empty();
    }
  }

  /** These, but for what may change live, which is taken from the others. */
  Values withLive(Values others) {
    Values merged = new Values();
    for (Key key : Key.values()) {
      Object value = (key.change() == Change.LIVE ? others : this).single.get(key);
      if (value != null) {
        merged.single.put(key, value);
      }
    }
    for (Family family : Family.values()) {
      Values from = family.change() == Change.LIVE ? others : this;
      merged.families.get(family).putAll(from.families.get(family));
    }
    return merged;
  }

  /** Each value there is, by the name one would write. */
  Map<String, Object> byName() {
    Map<String, Object> named = new TreeMap<>();
    single.forEach((key, value) -> named.put(key.key(), value));
    families.forEach(
        (family, members) -> members.forEach((name, value) -> named.put(family.key(name), value)));
    return named;
  }

  /** What a setting of this name, which must be known, needs to change. */
  static Change changeOf(String name) {
    return Key.find(name)
        .map(Key::change)
        .orElseGet(() -> Family.find(name).orElseThrow().getKey().change());
  }

  <T> T get(Key key, Class<T> type) {
    return find(key, type).orElseThrow();
  }

  <T> Optional<T> find(Key key, Class<T> type) {
    return Optional.ofNullable(type.cast(single.get(key)));
  }

  <T> Map<String, T> all(Family family, Class<T> type) {
    Map<String, T> typed = new TreeMap<>();
    families.get(family).forEach((name, value) -> typed.put(name, type.cast(value)));
    return typed;
  }
}
