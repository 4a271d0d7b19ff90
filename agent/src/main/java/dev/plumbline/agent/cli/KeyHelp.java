package dev.plumbline.agent.cli;

import dev.plumbline.agent.config.Change;
import dev.plumbline.agent.config.Key;
import java.util.Arrays;
import java.util.stream.Stream;

/** Every key as lines for a help page; a star marks those that a reload changes. */
final class KeyHelp {
  private KeyHelp() {}

  static String[] lines() {
    return Stream.concat(
            Stream.of(
                "", "Keys (default), those with * may change in a reload; so may models.NAME...:"),
            Arrays.stream(Key.values()).map(KeyHelp::line))
        .map(line -> line.replace("%", "%%"))
        .toArray(String[]::new);
  }

  private static String line(Key key) {
    String star = key.change() == Change.LIVE ? "*" : " ";
    String named = key.key() + key.fallback().map(text -> " (" + text + ")").orElse("");
    return "%s %-36s %s".formatted(star, named, key.help());
  }
}
