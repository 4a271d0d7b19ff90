package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plumbline.agent.wire.Prompt;
import java.util.Optional;
import java.util.Set;

/**
 * Inference in the Open Inference Protocol's JSON form. Text is a {@code BYTES} tensor: the one
 * named {@code text_input} or {@code text_output}, else the only one. A model without is no
 * language model that could be read; nor are tensors in the binary extension read here.
 */
final class OipInfer implements Dialect {
  @Override
  public Set<String> reads() {
    return Set.of("inputs");
  }

  @Override
  public Optional<Prompt> prompt(JsonNode call, Unread unread) {
    return data(call.path("inputs"), "text_input")
        .flatMap(data -> ChatTurns.raw(data, "inputs.data", unread));
  }

  @Override
  public boolean echoes(JsonNode call) {
    return data(call.path("inputs"), "exclude_input_in_output")
        .map(data -> !data.path(0).asBoolean())
        .orElse(true);
  }

  @Override
  public void whole(JsonNode body, Choices into) {
    data(body.path("outputs"), "text_output")
        .ifPresent(
            texts -> {
              for (int i = 0; i < texts.size(); i++) {
                into.add(i, texts.get(i).asText(""));
              }
            });
  }

  @Override
  public void event(JsonNode event, Choices into) {
    whole(event, into);
  }

  @Override
  public boolean ended(Choices seen) {
    return true;
  }

  private static Optional<ArrayNode> data(JsonNode tensors, String name) {
    ArrayNode only = null;
    int texts = 0;
    for (JsonNode tensor : tensors) {
      if (tensor.path("name").asText().equals(name)) {
        return Optional.of(flat(tensor.path("data")));
      }
      if (tensor.path("datatype").asText().equals("BYTES")) {
        only = flat(tensor.path("data"));
        texts++;
      }
    }
    return texts == 1 && name.startsWith("text_") ? Optional.of(only) : Optional.empty();
  }

  /** Tensors may be written flat or nested by their shape. */
  private static ArrayNode flat(JsonNode data) {
    ArrayNode leaves = JsonNodeFactory.instance.arrayNode();
    data.forEach(item -> leaves.addAll(item.isArray() ? flat(item) : leaves.arrayNode().add(item)));
    return leaves;
  }
}
