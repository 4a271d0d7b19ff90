package dev.plumbline.agent.config;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Settings with a free name in the middle; names may hold dots and slashes. */
enum Family {
  MODEL_MODE("models.", ".mode", ValueType.MODE, Change.LIVE, "mode of one model"),
  MODEL_FAIL("models.", ".fail", ValueType.FAIL, Change.LIVE, "fail of one model"),
  MODEL_SAMPLE("models.", ".sample", ValueType.SHARE, Change.LIVE, "scoring.sample of one model"),
  ORIGIN_URL("origins.", ".url", ValueType.URL, Change.RESTART, "a further model server"),
  ORIGIN_GRPC_URL("origins.", ".grpc-url", ValueType.URL, Change.RESTART, "where it takes gRPC"),
  ORIGIN_MODELS("origins.", ".models", ValueType.MODELS, Change.RESTART, "which models it serves"),
  ORIGIN_TLS_CA(
      "origins.",
      ".tls.ca",
      ValueType.PATH,
      Change.RESTART,
      "origin.tls.ca of this origin; left out: the same"),
  ORIGIN_TLS_CERTIFICATE(
      "origins.",
      ".tls.certificate",
      ValueType.PATH,
      Change.RESTART,
      "origin.tls.certificate of this origin, with its key; both left out: the same"),
  ORIGIN_TLS_KEY("origins.", ".tls.key", ValueType.PATH, Change.RESTART, "PEM private key of it"),
  ORIGIN_TLS_SERVER_NAME(
      "origins.",
      ".tls.server-name",
      ValueType.SERVER_NAME,
      Change.RESTART,
      "origin.tls.server-name of this origin; left out: the same"),
  TRIGGER_RULE("trigger.rules.", "", ValueType.RULE, Change.RESTART, "a rule on two scores"),
  RECORD_PATTERN(
      "record.patterns.", "", ValueType.REGEX, Change.RESTART, "what else is redacted in texts"),
  ABLATION(
      "ablations.",
      "",
      ValueType.NAMED_ABLATION,
      Change.RESTART,
      "an intervention that a request may name (plumbline-ablate)"),
  ADAPTER("adapters.", "", ValueType.PATH, Change.RESTART, "a PEFT folder served under this name"),
  DIRECTION(
      "directions.",
      "",
      ValueType.PATH,
      Change.RESTART,
      "a further direction, read beside the one that judges");

  private final String prefix;
  private final String suffix;
  private final ValueType type;
  private final Change change;
  private final String help;

  Family(String prefix, String suffix, ValueType type, Change change, String help) {
    this.prefix = prefix;
    this.suffix = suffix;
    this.type = type;
    this.change = change;
    this.help = help;
  }

  /** One line for a person. */
  String help() {
    return help;
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
