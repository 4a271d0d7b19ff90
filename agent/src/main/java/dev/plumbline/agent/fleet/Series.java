package dev.plumbline.agent.fleet;

import dev.plumbline.core.Check;

/**
 * What a sketch is of.
 *
 * @param model its label
 * @param direction that gave the scores
 */
record Series(String model, String direction) implements Comparable<Series> {
  private static final int MOST_NAME = 128;

  Series {
    name(model, "model of a sketch");
    name(direction, "direction of a sketch");
  }

  /** Of names that may be longer. */
  static Series bounded(String model, String direction) {
    return new Series(cut(model), cut(direction));
  }

  private static String cut(String name) {
    return name.length() > MOST_NAME ? name.substring(0, MOST_NAME) : name;
  }

  private static void name(String name, String where) {
    Check.that(
        !name.isBlank() && name.length() <= MOST_NAME,
        where,
        "a name of at most " + MOST_NAME,
        name.length() + " characters",
        "shorten it");
  }

  @Override
  public int compareTo(Series other) {
    int byModel = model.compareTo(other.model);
    return byModel != 0 ? byModel : direction.compareTo(other.direction);
  }
}
