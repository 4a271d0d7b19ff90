package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import java.util.List;

/**
 * A question with choices, one of them right.
 *
 * @param group such as a subject; empty for none
 * @param passage what is read before the question; empty for none
 * @param answer index of the right choice
 */
public record ChoiceItem(
    String id, String group, String passage, String question, List<String> choices, int answer) {
  public ChoiceItem {
    Check.text(id, "id of an item");
    Check.text(question, "question of " + id);
    choices = List.copyOf(choices);
    Check.that(choices.size() > 1, "choices of " + id, "2 or more", choices.size(), "drop it");
    choices.forEach(choice -> Check.text(choice, "a choice of " + id));
    Check.that(
        answer >= 0 && answer < choices.size(),
        "answer of " + id,
        "one of " + choices.size() + " choices",
        answer,
        "correct it");
  }
}
