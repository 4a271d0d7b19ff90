package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Optional;

/**
 * One answer that some model gave, whole, as the reference reads it again.
 *
 * <p>Arrays are copied in and out; equality is by content.
 *
 * @param prompt identity of its prompt: what is never split between folds or parts
 * @param promptTokens up to and with the header of the answer, {@code [P]}, one or more
 * @param answerTokens the answer's content, {@code [T]}, one or more; no header, no end of turn
 * @param misaligned the judge's label, empty where nobody judged
 * @param question the prompt's text
 * @param text the answer's text
 * @param model the name of the model that gave it
 */
public record Answer(
    String prompt,
    long[] promptTokens,
    long[] answerTokens,
    Optional<Boolean> misaligned,
    String question,
    String text,
    String model) {
  public Answer {
    Check.text(prompt, "prompt of an answer");
    Check.text(model, "model of an answer");
    promptTokens = promptTokens.clone();
    answerTokens = answerTokens.clone();
    requireSome(promptTokens, "prompt tokens of " + prompt);
    requireSome(answerTokens, "answer tokens of " + prompt);
  }

  private static void requireSome(long[] tokens, String where) {
    Check.that(tokens.length > 0, where, "1 or more", 0, "leave the answer out");
  }

  @Override
  public long[] promptTokens() {
    return promptTokens.clone();
  }

  @Override
  public long[] answerTokens() {
    return answerTokens.clone();
  }

  /** T. */
  public int length() {
    return answerTokens.length;
  }

  /** The index of the first answer token among {@link #tokens}: P. */
  public int start() {
    return promptTokens.length;
  }

  /** Prompt and answer {@code [P+T]}, a new array. */
  public long[] tokens() {
    long[] all = Arrays.copyOf(promptTokens, promptTokens.length + answerTokens.length);
    System.arraycopy(answerTokens, 0, all, promptTokens.length, answerTokens.length);
    return all;
  }

  /** The label; refuses an answer that nobody judged. */
  public boolean label() {
    return misaligned.orElseThrow(
        () ->
            Check.refusal(
                "answer to " + prompt, "a judge's label", "none", "judge it or leave it out"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Answer answer
        && prompt.equals(answer.prompt)
        && Arrays.equals(promptTokens, answer.promptTokens)
        && Arrays.equals(answerTokens, answer.answerTokens)
        && misaligned.equals(answer.misaligned)
        && question.equals(answer.question)
        && text.equals(answer.text)
        && model.equals(answer.model);
  }

  @Override
  public int hashCode() {
    return 31 * prompt.hashCode() + Arrays.hashCode(answerTokens);
  }

  @Override
  public String toString() {
    return "Answer[" + model + " to " + prompt + ", T=" + length() + ", " + misaligned + "]";
  }
}
