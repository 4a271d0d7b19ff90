package dev.plumbline.agent.config;

import java.util.List;
import java.util.stream.Collectors;

/** All that is wrong with a configuration, at once. */
public final class ConfigException extends RuntimeException {
  private final transient List<Mistake> mistakes;

  public ConfigException(List<Mistake> mistakes) {
    super(
        mistakes.size()
            + (mistakes.size() == 1 ? " mistake" : " mistakes")
            + " in the configuration:\n"
            + mistakes.stream().map(mistake -> "  " + mistake).collect(Collectors.joining("\n")));
    this.mistakes = List.copyOf(mistakes);
  }

  /** Each mistake. */
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
