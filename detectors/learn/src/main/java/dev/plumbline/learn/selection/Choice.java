package dev.plumbline.learn.selection;

import java.util.List;
import java.util.Optional;

/**
 * What a selection came to.
 *
 * @param rule {@code published} or {@code held-out}
 * @param trials all of them
 * @param discarded why each was discarded, empty texts for those kept; of the published rule
 * @param chosen index of the choice, −1 if none was kept
 * @param showing score with nothing done where the behaviour shows
 * @param quiet the same where it does not
 */
public record Choice(
    String rule,
    List<Trial> trials,
    List<String> discarded,
    int chosen,
    double showing,
    double quiet) {

  /** Applies a rule. */
  static Choice of(String rule, PublishedRule published, List<Trial> trials, double[] untouched) {
    Optional<Trial> chosen =
        rule.equals("published") ? published.choose(trials) : PublishedRule.bestHeldOut(trials);
    return new Choice(
        rule,
        trials,
        trials.stream().map(trial -> published.discarded(trial).orElse("")).toList(),
        chosen.map(trials::indexOf).orElse(-1),
        untouched[0],
        untouched[1]);
  }

  /** The choice, empty if none was kept. */
  public Optional<Trial> choice() {
    return chosen < 0 ? Optional.empty() : Optional.of(trials.get(chosen));
  }
}
