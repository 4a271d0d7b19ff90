package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    List<Mistake> mistakes = new ArrayList<>();
    Map<String, Setting> settings = new LinkedHashMap<>();
    file.ifPresent(path -> settings.putAll(ConfigFile.read(path, mistakes)));
    settings.putAll(Environment.read(environment, mistakes));
    flags.forEach((key, text) -> settings.put(key, new Setting(text, "flags")));
    Values values = Values.parse(settings, mistakes);
    AgentConfig config = mistakes.isEmpty() ? AgentConfig.of(values) : null;
    mistakes.addAll(CrossChecks.of(values));
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
    return config;
  }
}
