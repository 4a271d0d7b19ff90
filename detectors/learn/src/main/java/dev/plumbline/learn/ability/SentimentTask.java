package dev.plumbline.learn.ability;

import dev.plumbline.learn.ability.LabelQuestion.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Robustness on SST-2: the sentiment of the same sentence, original and perturbed. {@code correct}
 * and {@code correct_perturbed}: the sentiment is the file's; {@code drop}: the one less the other;
 * {@code agreement}: both times the same was said. The label is the sentiment, never whether the
 * text was perturbed.
 */
public final class SentimentTask implements Task {
  private static final String PROMPT =
      "Sentence: {text}\nIs the sentiment of this sentence positive or negative?\nSentiment:";

  private final List<SentimentItem> items = new ArrayList<>();
  private final List<Perturbation> pairs = new ArrayList<>();
  private final LabelQuestion question;
  private int left;

  public SentimentTask(List<SentimentItem> all, Reading reading, long seed) {
    this.question = new LabelQuestion(PROMPT, List.of("positive", "negative"), reading);
    for (SentimentItem item : all) {
      Optional<Perturbation> pair = Perturbation.of(item.sentence(), items.size(), seed);
      if (pair.isPresent()) {
        items.add(item);
        pairs.add(pair.get());
      } else {
        left++;
      }
    }
  }

  @Override
  public String name() {
    return "sst2";
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public List<String> stated() {
    return List.of(
        question.stated() + "; 0 shots",
        "perturbed: neighbouring letters inside a fifth of the words change places, in the letter"
            + " case of the original; "
            + left
            + " sentences without such a word left out");
  }

  @Override
  public List<ItemResult> run(Examiner examiner, Condition condition) {
    List<OptionalInt> before =
        question.ask(pairs.stream().map(Perturbation::original).toList(), examiner, condition);
    List<OptionalInt> after =
        question.ask(pairs.stream().map(Perturbation::perturbed).toList(), examiner, condition);
    List<ItemResult> results = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      results.add(result(items.get(i), before.get(i), after.get(i)));
    }
    return results;
  }

  private static ItemResult result(SentimentItem item, OptionalInt before, OptionalInt after) {
    if (before.isEmpty() || after.isEmpty()) {
      return ItemResult.unparsed(
          item.id(), "", before.isEmpty() ? "the original" : "the perturbed copy");
    }
    double right = (before.getAsInt() == 0) == item.positive() ? 1 : 0;
    double perturbed = (after.getAsInt() == 0) == item.positive() ? 1 : 0;
    return ItemResult.of(
        item.id(),
        "",
        Map.of(
            "correct",
            right,
            "correct_perturbed",
            perturbed,
            "drop",
            right - perturbed,
            "agreement",
            before.getAsInt() == after.getAsInt() ? 1.0 : 0.0),
        "said " + word(before) + ", then " + word(after));
  }

  private static String word(OptionalInt said) {
    return said.getAsInt() == 0 ? "positive" : "negative";
  }
}
