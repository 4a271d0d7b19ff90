package dev.plumbline.agent.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an intervention written in one line, as requests may name it: a kind, and behind it
 * settings by the names that {@code ablate.} gives them: {@code affine strength=1.5 layers=2,3
 * from-token=4}. What is left out has the usual value, not the configured one.
 */
final class NamedAblation {
  private static final String PREFIX = "ablate.";

  /** Names, not keys: these are made of types, and one of the types is this. */
  private static final List<String> SETTINGS =
      List.of(
          "ceiling",
          "coefficient",
          "floor",
          "from-token",
          "keep-norm",
          "layers",
          "profile",
          "strength",
          "with");

  private NamedAblation() {}

  /** What a person should write. */
  static String wanted() {
    return "one of "
        + Ablation.Kind.words()
        + ", and behind it settings such as strength=1.5 layers=2,3; of "
        + SETTINGS;
  }

  /**
   * The intervention; whether its settings go together is not looked at here.
   *
   * @throws RuntimeException when the text is none
   */
  static Ablation parse(String text) {
    List<String> words = List.of(text.trim().split("\\s+"));
    Map<Key, Object> values = new EnumMap<>(Key.class);
    values.put(Key.ABLATE_KIND, Key.ABLATE_KIND.type().parse(words.get(0)));
    for (String word : words.subList(1, words.size())) {
      String[] parts = word.split("=", 2);
      Key key = Key.find(PREFIX + parts[0]).filter(k -> SETTINGS.contains(parts[0])).orElseThrow();
      if (values.putIfAbsent(key, key.type().parse(parts[1])) != null) {
        throw new IllegalArgumentException();
      }
    }
    return Ablation.of(key -> value(values, key), Map.of());
  }

  private static Optional<Object> value(Map<Key, Object> values, Key key) {
    return Optional.ofNullable(values.get(key))
        .or(() -> key.fallback().map(text -> key.type().parse(text)));
  }
}
