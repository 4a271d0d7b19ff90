package dev.plumbline.agent.config;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Settings with a free name in the middle; names may hold dots and slashes. */
enum Family {
  MODEL_MODE("models.", ".mode", ValueType.MODE, Change.LIVE),
  MODEL_FAIL("models.", ".fail", ValueType.FAIL, Change.LIVE),
  MODEL_SAMPLE("models.", ".sample", ValueType.SHARE, Change.LIVE),
  ORIGIN_URL("origins.", ".url", ValueType.URL),
  ORIGIN_GRPC_URL("origins.", ".grpc-url", ValueType.URL),
  ORIGIN_MODELS("origins.", ".models", ValueType.MODELS),
  TRIGGER_RULE("trigger.rules.", "", ValueType.RULE),
  RECORD_PATTERN("record.patterns.", "", ValueType.REGEX),
  ADAPTER("adapters.", "", ValueType.PATH),
  DIRECTION("directions.", "", ValueType.PATH);

  private final String prefix;
  private final String suffix;
  private final ValueType type;
  private final Change change;

  Family(String prefix, String suffix, ValueType type) {
    this(prefix, suffix, type, Change.RESTART);
  }

  Family(String prefix, String suffix, ValueType type, Change change) {
    this.prefix = prefix;
    this.suffix = suffix;
    this.type = type;
    this.change = change;
  }

  Change change() {
    return change;
  }

  ValueType type() {
    return type;
  }

  String key(String name) {
    return prefix + name + suffix;
  }

  /** The family and the free name of a key, if it is of one. */
  static Optional<Map.Entry<Family, String>> find(String key) {
    return Arrays.stream(values())
        .filter(family -> family.holds(key))
        .findFirst()
        .map(family -> Map.entry(family, family.name(key)));
  }

  private boolean holds(String key) {
    return key.startsWith(prefix)
        && key.endsWith(suffix)
        && key.length() > prefix.length() + suffix.length();
  }

  private String name(String key) {
    return key.substring(prefix.length(), key.length() - suffix.length());
  }
}
