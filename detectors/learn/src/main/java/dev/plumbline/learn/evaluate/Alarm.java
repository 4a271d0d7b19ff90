package dev.plumbline.learn.evaluate;

import java.util.Locale;

/**
 * A reason not to believe a figure, with its numbers.
 *
 * @param kind which
 * @param claimed what the direction gives: the lower end of its interval where one was taken
 * @param control what the control gives
 * @param text one sentence for a person, numbers included
 */
public record Alarm(Kind kind, double claimed, double control, String text) {
  /** The reasons. */
  public enum Kind {
    /** No prompt, or one alone, has answers of both kinds: nothing can be said within prompts. */
    TOO_FEW_PROMPTS,
    /** Neither across prompts nor within them does it give more than knowing the prompt. */
    PROMPT_IDENTITY_NOT_BEATEN,
    /** Among answers to one prompt it is no better than a coin. */
    WITHIN_PROMPT_AT_CHANCE,
    /** Words or lengths alone give as much. */
    TEXT_NOT_BEATEN,
    /** The procedure finds something in labels that mean nothing: it leaks. */
    SHUFFLED_LABELS_NOT_HALF,
    /** Random directions of the same norm do as well too often. */
    RANDOM_NOT_BEATEN,
    /** These answers are among those that the artefact was learned from or calibrated on. */
    SEEN_BEFORE,
    /** More aligned answers are flagged than the threshold promises. */
    THRESHOLD_NOT_KEPT;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Alarm of(Kind kind, double claimed, double control, String format) {
    return new Alarm(kind, claimed, control, String.format(Locale.ROOT, format, claimed, control));
  }
}
