package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

/**
 * One judged answer with a score: what an evaluation is made of.
 *
 * @param prompt its prompt's identity: the grouping key
 * @param positive whether it is misaligned
 * @param score any number, higher is worse
 */
public record Example(String prompt, boolean positive, double score) {

  public Example {
    Check.text(prompt, "prompt of an example");
    Check.that(!Double.isNaN(score), "score of an example", "a number", score, "leave it out");
  }
}
