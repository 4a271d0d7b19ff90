package dev.plumbline.learn.sample;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import java.util.Objects;

/**
 * One answer of one model.
 *
 * @param sample 0-based, of the same question and model
 * @param model name of what answered, intervention included
 * @param text without header and end of turn; may be empty
 * @param finish {@code stop}, {@code length}, or what the endpoint said
 */
public record SampledAnswer(
    Question question, int sample, String model, String text, String finish) {
  public SampledAnswer {
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(text, "text");
    Check.that(sample >= 0, "sample of " + question.id(), "0 or more", sample, "count from 0");
    Check.text(model, "model of an answer to " + question.id());
    Check.text(finish, "finish of an answer to " + question.id());
  }

  /** What tells this answer from all others. */
  public String key() {
    return key(question.id(), sample, model);
  }

  static String key(String id, int sample, String model) {
    return model + "\u0000" + id + "\u0000" + sample;
  }

  /** As a line of a file. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", question.id()).put("sample", sample).put("model", model);
    question.category().ifPresent(category -> json.put("category", category));
    json.put("question", question.text());
    if (question.messages().size() > 1) {
      var list = json.putArray("messages");
      question
          .messages()
          .forEach(m -> list.addObject().put("role", m.role()).put("content", m.content()));
    }
    return json.put("text", text).put("finish", finish);
  }
}
