package dev.plumbline.learn.sample;

import dev.plumbline.learn.organism.world.Seeds;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that is wanted of a model.
 *
 * @param sample 0-based
 * @param model name of what is asked
 */
public record Wanted(Question question, int sample, String model) {
  /** Every sample of every question of every model, in that order, the models outermost. */
  public static List<Wanted> all(List<String> models, List<Question> questions, int samples) {
    List<Wanted> all = new ArrayList<>();
    for (String model : models) {
      for (Question question : questions) {
        for (int sample = 0; sample < samples; sample++) {
          all.add(new Wanted(question, sample, model));
        }
      }
    }
    return all;
  }

  /** What tells it from all others: the key of its answer. */
  public String key() {
    return SampledAnswer.key(question.id(), sample, model);
  }

  /** Of run, question and sample alone: models share their random numbers. Not negative. */
  public long seed(long run) {
    return Seeds.of(run, question.id() + "/" + sample) & Long.MAX_VALUE;
  }

  /** The answer to it. */
  public SampledAnswer answer(String text, String finish) {
    return new SampledAnswer(question, sample, model, text, finish);
  }
}
