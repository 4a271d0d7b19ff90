package dev.plumbline.learn.evaluate;

import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which tokens of an exchange a classifier is given. Side by side they say where a figure comes
 * from: before the answer nothing but the prompt can be known, and at its first token little else.
 */
public enum Reading {
  /** The last token of the templated prompt: what the prompt alone gives. */
  LAST_PROMPT_TOKEN,
  FIRST_ANSWER_TOKEN,
  /** The mean over all answer tokens. */
  ANSWER_MEAN;

  /** The answers such that a mean over their answer tokens is this reading. */
  public List<Answer> of(List<Answer> answers) {
    return switch (this) {
      case LAST_PROMPT_TOKEN -> Answers.readBy(new LastPromptToken(), answers);
      case FIRST_ANSWER_TOKEN -> answers.stream().map(Reading::firstToken).toList();
      case ANSWER_MEAN -> answers;
    };
  }

  private static Answer firstToken(Answer answer) {
    return new Answer(
        answer.prompt(),
        answer.promptTokens(),
        Arrays.copyOf(answer.answerTokens(), 1),
        answer.misaligned(),
        answer.question(),
        answer.text(),
        answer.model());
  }

  /** For tables. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
