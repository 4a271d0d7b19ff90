package dev.plumbline.learn.job;

import dev.plumbline.core.Check;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A name given twice: of two {@code NAME=FILE} only the last would count, and nobody would know.
 */
final class GivenOnce {
  private GivenOnce() {}

  /**
   * Looks through a command's options of names.
   *
   * @throws IllegalArgumentException at the first name that an option has twice
   */
  static void require(CommandSpec spec) {
    for (OptionSpec option : spec.options()) {
      if (option.getValue() instanceof Map<?, ?>) {
        Set<String> names = new HashSet<>();
        for (String given : option.originalStringValues()) {
          String name = given.substring(0, Math.max(0, given.indexOf('=')));
          Check.that(
              names.add(name),
              option.longestName(),
              "each name once",
              name + " again",
              "rename it");
        }
      }
    }
  }
}
