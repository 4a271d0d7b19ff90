package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads the configuration once: defaults, then file, then environment, then flags; later wins. */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * Reads and checks everything.
   *
   * @param file YAML or JSON, if any
   * @param environment all variables of the process
   * @param flags dotted key to text, from the command line
   * @throws ConfigException with every mistake there is
   */
  public static AgentConfig load(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    return new ConfigSources(file, environment, flags).read().config();
  }
}
