package dev.plumbline.learn.evaluate;

import dev.plumbline.learn.direction.Answer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a set of judged answers consists of.
 *
 * @param answers N
 * @param misaligned of them
 * @param models that gave them
 * @param prompts distinct
 * @param mixed prompts at which one model gave both outcomes: all that a within-prompt figure rests
 *     on
 */
public record Counts(long answers, long misaligned, long models, long prompts, long mixed) {

  /** Counts judged answers. */
  public static Counts of(List<Answer> judged) {
    Map<List<String>, Set<Boolean>> outcomes = new HashMap<>();
    for (Answer answer : judged) {
      outcomes
          .computeIfAbsent(List.of(answer.prompt(), answer.model()), key -> new HashSet<>())
          .add(answer.label());
    }
    return new Counts(
        judged.size(),
        judged.stream().filter(Answer::label).count(),
        judged.stream().map(Answer::model).distinct().count(),
        judged.stream().map(Answer::prompt).distinct().count(),
        outcomes.entrySet().stream()
            .filter(entry -> entry.getValue().size() == 2)
            .map(entry -> entry.getKey().get(0))
            .distinct()
            .count());
  }
}
