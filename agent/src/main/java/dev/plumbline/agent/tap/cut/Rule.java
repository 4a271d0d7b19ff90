package dev.plumbline.agent.tap.cut;

import java.util.List;

/**
 * A member of a JSON document that a tap wants to see.
 *
 * @param path keys from the root; {@link #ANY} stands for each element of an array
 * @param cut whether it is also taken out of what passes
 */
public record Rule(List<String> path, boolean cut) {
  /** Each element of an array. */
  public static final String ANY = "*";

  public Rule {
    path = List.copyOf(path);
    if (path.isEmpty() || path.get(path.size() - 1).equals(ANY)) {
      throw new IllegalArgumentException(
          "rule: wanted a path that ends in a key, found " + path + "; name the member");
    }
  }

  /** A member that is read and passes. */
  public static Rule read(String dotted) {
    return new Rule(List.of(dotted.split("\\.")), false);
  }

  /** A member that is read and taken out. */
  public static Rule cut(String dotted) {
    return new Rule(List.of(dotted.split("\\.")), true);
  }

  /** The last key. */
  public String key() {
    return path.get(path.size() - 1);
  }
}
