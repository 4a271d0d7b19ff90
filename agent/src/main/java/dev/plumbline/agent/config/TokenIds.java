package dev.plumbline.agent.config;

/** Of which origins streams under rescue are asked for their token ids. */
public enum TokenIds {
  NONE,
  /** Of those that are known to give them, by what they say of themselves. */
  KNOWN,
  ALL;

  /** A server that is not known may refuse a member that it does not know. */
  static TokenIds of(Values values) {
    String word = values.get(Key.RESCUE_TOKEN_IDS, String.class);
    boolean named =
        values
            .find(Key.ABLATED_SERVER, AdapterHost.class)
            .filter(host -> host == AdapterHost.VLLM || host == AdapterHost.SGLANG)
            .isPresent();
    return switch (word) {
      case "off" -> NONE;
      case "on" -> ALL;
      default -> named ? ALL : KNOWN;
    };
  }
}
