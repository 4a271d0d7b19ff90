package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.organism.world.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A share of the prompts held out whole: the same question is never learned from and measured on.
 */
record HoldOut(List<Answer> learned, List<Answer> held) {
  /** Splits by prompt; a share of 0 holds none out. */
  static HoldOut of(List<Answer> answers, double share, long seed, String what) {
    Check.that(share >= 0 && share < 1, "hold-out", "a share in [0,1)", share, "correct it");
    if (share == 0 || answers.isEmpty()) {
      return new HoldOut(answers, List.of());
    }
    Set<String> prompts = new TreeSet<>();
    answers.forEach(answer -> prompts.add(answer.prompt()));
    Check.that(
        prompts.size() > 1,
        "hold-out of " + what,
        "2 or more prompts",
        prompts.size(),
        "give more, or --hold-out 0");
    List<String> order = new ArrayList<>(prompts);
    Collections.shuffle(order, Seeds.random(seed, "finetune/hold-out/" + what));
    int count = Math.max(1, (int) Math.round(share * order.size()));
    Set<String> held = new HashSet<>(order.subList(0, Math.min(count, order.size() - 1)));
    return new HoldOut(
        answers.stream().filter(answer -> !held.contains(answer.prompt())).toList(),
        answers.stream().filter(answer -> held.contains(answer.prompt())).toList());
  }
}
