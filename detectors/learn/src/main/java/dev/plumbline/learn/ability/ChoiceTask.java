package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Multiple choice by log-likelihood. {@code correct}: the right choice has the highest {@code log
 * p(choice | prompt)}; {@code correct_per_byte}: the highest of that by its UTF-8 bytes, so that
 * long choices are not punished. With letters, choices are listed and the letter is predicted, and
 * the two measures are one.
 */
public final class ChoiceTask implements Task {
  /** What is predicted. */
  public enum Predicted {
    /** The letter before a listed choice. */
    LETTER,
    /** The choice itself; choices are not listed. */
    TEXT,
    /** The choice as a reply to the question and nothing else: no headings, no shots. */
    REPLY
  }

  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final String name;
  private final List<ChoiceItem> shots;
  private final List<ChoiceItem> items;
  private final Predicted predicted;
  private final int most;

  /**
   * @param shots answered before each item, in this order: those of its own group, or as many of
   *     the first as the largest group has; never the item itself
   * @param items with ids once each
   */
  public ChoiceTask(
      String name, List<ChoiceItem> shots, List<ChoiceItem> items, Predicted predicted) {
    this.name = name;
    this.shots = List.copyOf(shots);
    this.items = List.copyOf(items);
    this.predicted = predicted;
    this.most =
        (int)
            shots.stream()
                .collect(Collectors.groupingBy(ChoiceItem::group, Collectors.counting()))
                .values()
                .stream()
                .mapToLong(count -> count)
                .max()
                .orElse(0);
    Set<String> ids = new HashSet<>();
    items.forEach(
        item ->
            Check.that(
                ids.add(item.id()),
                name + ", id",
                "each once",
                item.id() + " again",
                "name one split of the set"));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public List<String> stated() {
    ChoiceItem first = items.get(0);
    var counts = items.stream().mapToInt(item -> shots(item).size()).summaryStatistics();
    String fewest = counts.getMin() == counts.getMax() ? "" : counts.getMin() + " to ";
    return List.of(
        fewest
            + counts.getMax()
            + " shots; the model's likelihood of "
            + (predicted == Predicted.LETTER ? "a listed choice's letter" : "a choice's text")
            + "; correct: highest log p; correct_per_byte: highest log p by UTF-8 bytes",
        "the first prompt: " + prompt(first) + " ▸" + said(first, first.answer()));
  }

  private List<ChoiceItem> shots(ChoiceItem item) {
    List<ChoiceItem> own = shots.stream().filter(s -> s.group().equals(item.group())).toList();
    List<ChoiceItem> some = own.isEmpty() ? shots.subList(0, most) : own;
    return some.stream().filter(shot -> !asks(shot, item)).toList();
  }

  /** A shot that asks what the item asks would give the answer away. */
  private static boolean asks(ChoiceItem shot, ChoiceItem item) {
    return shot.question().equals(item.question()) && shot.passage().equals(item.passage());
  }

  /** The prompt of an item, its shots before it. */
  String prompt(ChoiceItem item) {
    StringBuilder prompt = new StringBuilder();
    for (ChoiceItem shot : shots(item)) {
      prompt.append(question(shot)).append(said(shot, shot.answer())).append("\n\n");
    }
    return prompt.append(question(item)).toString();
  }

  private String question(ChoiceItem item) {
    if (predicted == Predicted.REPLY) {
      return item.question();
    }
    StringBuilder text = new StringBuilder();
    if (!item.passage().isEmpty()) {
      text.append("Passage: ").append(item.passage()).append("\n");
    }
    text.append("Question: ").append(item.question()).append('\n');
    if (predicted == Predicted.LETTER) {
      for (int i = 0; i < item.choices().size(); i++) {
        text.append(LETTERS.charAt(i)).append(". ").append(item.choices().get(i)).append('\n');
      }
    }
    return text.append("Answer:").toString();
  }

  private String said(ChoiceItem item, int choice) {
    return " "
        + (predicted == Predicted.LETTER ? LETTERS.charAt(choice) : item.choices().get(choice));
  }

  @Override
  public List<ItemResult> run(Examiner examiner, Condition condition) {
    List<Continuation> texts = new ArrayList<>();
    for (ChoiceItem item : items) {
      String prompt = prompt(item);
      for (int i = 0; i < item.choices().size(); i++) {
        texts.add(examiner.form().continuation(prompt, said(item, i)));
      }
    }
    double[] likelihoods = examiner.likelihoods(texts, condition);
    List<ItemResult> results = new ArrayList<>();
    int from = 0;
    for (ChoiceItem item : items) {
      double[] own = new double[item.choices().size()];
      System.arraycopy(likelihoods, from, own, 0, own.length);
      from += own.length;
      results.add(result(item, own));
    }
    return results;
  }

  private ItemResult result(ChoiceItem item, double[] likelihoods) {
    double[] perByte = new double[likelihoods.length];
    for (int i = 0; i < perByte.length; i++) {
      perByte[i] = likelihoods[i] / said(item, i).getBytes(StandardCharsets.UTF_8).length;
    }
    Map<String, Double> values = new HashMap<>();
    int best = best(likelihoods);
    values.put("correct", best == item.answer() ? 1.0 : 0.0);
    if (predicted != Predicted.LETTER) {
      values.put("correct_per_byte", best(perByte) == item.answer() ? 1.0 : 0.0);
    }
    return ItemResult.of(
        item.id(),
        item.group(),
        values,
        "chose " + LETTERS.charAt(best) + ", right " + LETTERS.charAt(item.answer()));
  }

  /** The first of the highest. */
  static int best(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
