package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A question about a text that is answered by one of some labels, and how the answer is had.
 *
 * @param template the prompt with {@code {text}}
 * @param labels the words that may be answered
 * @param reading how
 */
public record LabelQuestion(String template, List<String> labels, Reading reading) {
  private static final String PLACE = "{text}";
  private static final int TOKENS = 6;

  /** How an answer is had. */
  public enum Reading {
    /** The likeliest label: every item has an answer. */
    LIKELIHOOD,
    /** Greedy text, in which a label must stand: some items have none. */
    GENERATED
  }

  public LabelQuestion {
    Check.that(template.contains(PLACE), "template", "the place " + PLACE, template, "add it");
    labels = List.copyOf(labels);
  }

  /** For the record. */
  public String stated() {
    return "prompt: "
        + template
        + " ▸ one of "
        + labels
        + (reading == Reading.LIKELIHOOD
            ? ", the likeliest"
            : ", read from " + TOKENS + " generated tokens; none or several is unparsed");
  }

  /** The label's index for each text, empty where it could not be read. */
  public List<OptionalInt> ask(List<String> texts, Examiner examiner, Condition condition) {
    List<String> prompts = texts.stream().map(text -> template.replace(PLACE, text)).toList();
    if (reading == Reading.GENERATED) {
      LabelReader reader = new LabelReader(labels);
      return examiner.greedy(prompts, TOKENS, condition).stream().map(reader::read).toList();
    }
    List<Continuation> all = new ArrayList<>();
    for (String prompt : prompts) {
      labels.forEach(label -> all.add(examiner.form().continuation(prompt, " " + label)));
    }
    double[] likelihoods = examiner.likelihoods(all, condition);
    List<OptionalInt> answers = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      double[] own = new double[labels.size()];
      System.arraycopy(likelihoods, i * own.length, own, 0, own.length);
      answers.add(OptionalInt.of(ChoiceTask.best(own)));
    }
    return answers;
  }
}
