package dev.plumbline.agent.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Settings from environment variables that start with {@code PLUMBLINE_}. */
final class Environment {
  private static final String SOURCE = "environment";

  /** Read by the start script and by commands, not by the agent. */
  private static final Set<String> LAUNCHER =
      Set.of("PLUMBLINE_HOME", "PLUMBLINE_JAVA_OPTS", "PLUMBLINE_ADMIN_TOKEN_FILE");

  /**
   * Kubernetes puts the address of every Service of the namespace into the environment. A Service
   * named {@code plumbline} therefore sets {@code PLUMBLINE_PORT=tcp://10.0.0.1:8080}, which looks
   * like a setting of ours and is none.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("PLUMBLINE_([A-Z0-9_]+_)?(SERVICE_(HOST|PORT.*)|PORT_\\d+_(TCP|UDP|SCTP).*)");

  private Environment() {}

  static Map<String, Setting> read(Map<String, String> variables, List<Mistake> mistakes) {
    Map<String, Setting> settings = new HashMap<>();
    Map<String, Key> names = names();
    variables.forEach(
        (name, value) -> {
          if (!name.startsWith("PLUMBLINE_")
              || LAUNCHER.contains(name)
              || serviceLink(name, value)) {
            return;
          }
          Key key = names.get(name);
          if (key == null) {
            mistakes.add(
                new Mistake(name, SOURCE, "an unknown variable", "a known key, see --help"));
          } else {
            settings.put(key.key(), new Setting(value, SOURCE));
          }
        });
    return settings;
  }

  private static boolean serviceLink(String name, String value) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && value.startsWith("tcp://"));
  }

  private static Map<String, Key> names() {
    Map<String, Key> names = new HashMap<>();
    for (Key key : Key.values()) {
      names.put(key.environmentName(), key);
    }
    return names;
  }
}
