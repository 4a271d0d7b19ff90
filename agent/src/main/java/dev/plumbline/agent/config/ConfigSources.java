package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where an agent's settings come from: what it was started with, to be read once or again.
 * Defaults, then the file, then the environment, then flags; later wins.
 *
 * @param file YAML or JSON, if any
 * @param environment all variables of the process
 * @param flags dotted key to text, from the command line
 */
public record ConfigSources(
    Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
  public ConfigSources {
    environment = Map.copyOf(environment);
    flags = Map.copyOf(flags);
  }

  /**
   * Reads and checks everything. Reads a file, so not on an event loop.
   *
   * @throws ConfigException with every mistake there is
   */
  public LoadedConfig read() {
    List<Mistake> mistakes = new ArrayList<>();
    Map<String, Setting> settings = new LinkedHashMap<>();
    file.ifPresent(path -> settings.putAll(ConfigFile.read(path, mistakes)));
    settings.putAll(Environment.read(environment, mistakes));
    flags.forEach((key, text) -> settings.put(key, new Setting(text, "flags")));
    Values values = Values.parse(settings, mistakes);
    if (file.isEmpty() && values.get(Key.RELOAD_WATCH, Boolean.class)) {
      mistakes.add(
          new Mistake(
              Key.RELOAD_WATCH.key(), "together", "'true' without a file", "--config FILE"));
    }
    return LoadedConfig.checked(values, settings, mistakes);
  }
}
