package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;
import dev.plumbline.learn.organism.world.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Data in two parts that share no group, so that what was chosen on one is not reported on it.
 *
 * @param selecting the part that chooses
 * @param reporting the other one
 */
record Halves<T>(List<T> selecting, List<T> reporting) {
  /** Two groups a half: one alone has no interval. */
  static final int FEWEST = 4;

  /**
   * Parts of as many groups each, drawn by the seed.
   *
   * @param what for the refusal of too few
   * @param group what is never on both sides
   */
  static <T> Halves<T> of(String what, List<T> all, Function<T, String> group, long seed) {
    List<String> groups = new ArrayList<>(new TreeSet<>(all.stream().map(group).toList()));
    Check.that(
        groups.size() >= FEWEST,
        what,
        FEWEST + " different ones or more, half of them to choose by",
        groups.size(),
        "add some");
    Collections.shuffle(groups, Seeds.random(seed, "mitigation/halves"));
    Set<String> first = new HashSet<>(groups.subList(0, groups.size() / 2));
    return new Halves<>(
        all.stream().filter(each -> first.contains(group.apply(each))).toList(),
        all.stream().filter(each -> !first.contains(group.apply(each))).toList());
  }
}
