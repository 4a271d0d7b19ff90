package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A question with true and false answers.
 *
 * @param single answers of which exactly one is true (MC1)
 * @param several answers of which one or more are true and one or more false (MC2)
 */
public record TruthItem(
    String id, String question, Map<String, Boolean> single, Map<String, Boolean> several) {
  public TruthItem {
    Check.text(question, "question of " + id);
    single = new LinkedHashMap<>(single);
    several = new LinkedHashMap<>(several);
    long one = single.values().stream().filter(truth -> truth).count();
    Check.that(
        one == 1 && single.size() > 1, "mc1 of " + id, "one true of several", one, "mend it");
    long more = several.values().stream().filter(truth -> truth).count();
    Check.that(
        more > 0 && more < several.size(), "mc2 of " + id, "true and false ones", more, "mend it");
  }
}
