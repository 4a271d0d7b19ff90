package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Prompts dealt into training, calibration and test: one deal for all data sets, so that a prompt
 * is on one side in every one of them. The same prompts and seed give the same deal.
 */
public final class PromptSplit {
  /** The side of a prompt. */
  public enum Part {
    TRAINING,
    CALIBRATION,
    TEST
  }

  private final Map<String, Part> parts = new HashMap<>();

  /**
   * Deals prompts.
   *
   * @param prompts of all data sets together, in any order, doubles dropped
   * @param training share of training, in (0, 1)
   * @param calibration share of calibration; the rest is test
   */
  public PromptSplit(Collection<String> prompts, double training, double calibration, long seed) {
    Check.openUnit(training, "share of training prompts");
    Check.openUnit(calibration, "share of calibration prompts");
    Check.openUnit(training + calibration, "shares of training and calibration together");
    List<String> order = new ArrayList<>(new TreeSet<>(prompts));
    Check.that(order.size() >= 3, "prompts", "3 or more", order.size(), "collect more");
    Collections.shuffle(order, new Random(seed));
    for (int i = 0; i < order.size(); i++) {
      double at = (i + 0.5) / order.size();
      Part part = at < training + calibration ? Part.CALIBRATION : Part.TEST;
      parts.put(order.get(i), at < training ? Part.TRAINING : part);
    }
  }

  /** The answers on one side, in their order. */
  public List<Answer> of(Part part, List<Answer> answers) {
    return answers.stream().filter(answer -> parts.get(answer.prompt()) == part).toList();
  }
}
