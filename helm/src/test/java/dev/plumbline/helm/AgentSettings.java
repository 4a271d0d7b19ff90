package dev.plumbline.helm;

import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.LoadedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a rendered configuration with the agent's own loader, in a folder that stands for the
 * container's root.
 */
final class AgentSettings {
  /** Settings whose text is a path of another machine or of a request. */
  private static final Set<String> NOT_OURS =
      Set.of("states.served-directory", "ablated.served-adapter", "origin.health-path");

  private static final Pattern LINE =
      Pattern.compile("^([^ :]+): \"(/[^\"]*)\"$", Pattern.MULTILINE);

  private AgentSettings() {}

  /**
   * The settings as the agent has them.
   *
   * @param root an empty folder
   * @throws dev.plumbline.agent.config.ConfigException with everything the agent refuses
   */
  static LoadedConfig load(String config, Path root) throws IOException {
    StringBuilder placed = new StringBuilder();
    Matcher paths = LINE.matcher(config);
    while (paths.find()) {
      String path = paths.group(2);
      if (!NOT_OURS.contains(paths.group(1))) {
        Path stand = root.resolve(path.substring(1));
        Files.createDirectories(stand.getParent());
        if (!Files.exists(stand)) {
          Files.createFile(stand);
        }
        path = stand.toString();
      }
      paths.appendReplacement(
          placed, Matcher.quoteReplacement(paths.group(1) + ": \"" + path + "\""));
    }
    paths.appendTail(placed);
    Path file = Files.writeString(root.resolve("agent.yaml"), placed);
    return new ConfigSources(Optional.of(file), Map.of(), Map.of()).read();
  }
}
