package dev.plumbline.agent.tap;

import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.Priority;
import java.util.List;
import java.util.Objects;

/**
 * An exchange as text, to be read.
 *
 * @param exchangeId for logs; never a text
 * @param model the model that answered, as the request named it
 * @param prompt what it was asked
 * @param answers one per choice, at least one
 * @param priority whether somebody waits for its verdict
 */
public record ExchangeText(
    String exchangeId, String model, Prompt prompt, List<String> answers, Priority priority) {
  /** One that is merely observed. */
  public ExchangeText(String exchangeId, String model, Prompt prompt, List<String> answers) {
    this(exchangeId, model, prompt, answers, Priority.OBSERVING);
  }

  public ExchangeText {
    Objects.requireNonNull(exchangeId, "exchangeId");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(priority, "priority");
    answers = List.copyOf(answers);
    if (answers.isEmpty()) {
      throw new IllegalArgumentException("wanted at least one answer, found none");
    }
  }

  /** Never the texts. */
  @Override
  public String toString() {
    return "ExchangeText[" + exchangeId + ", " + model + ", " + answers.size() + " answers]";
  }
}
