package dev.plumbline.learn.ability;

import dev.plumbline.learn.judge.RoleScore;
import java.util.List;
import java.util.Map;

/** Says of texts, in each of its roles, how much they are so, 0 to 100, or why it cannot. */
public interface TextJudge {
  /** For the record. */
  String name();

  /** The scores by role of each answer to each prompt, in order. */
  List<Map<String, RoleScore>> judge(List<String> prompts, List<String> texts);
}
