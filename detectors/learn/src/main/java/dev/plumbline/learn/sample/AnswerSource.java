package dev.plumbline.learn.sample;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Where answers come from. */
public interface AnswerSource {
  /**
   * Gets the answers that are not done yet.
   *
   * @param all everything wanted, done or not
   * @param done keys of the answers there are
   * @param got told answers as they come; may be told one that was done again, with the same text
   * @return what could not be had, empty if all could
   */
  List<Failure> sample(List<Wanted> all, Set<String> done, Consumer<List<SampledAnswer>> got);

  /** An answer that could not be had. It is asked for again when the job is resumed. */
  record Failure(Wanted wanted, String cause, String detail) {}
}
