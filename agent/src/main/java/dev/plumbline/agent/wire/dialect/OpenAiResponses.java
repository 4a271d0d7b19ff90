package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Prompt;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * OpenAI's responses. The messages among the output items are one answer, in their order. A stream
 * ends with {@code response.completed} or {@code response.incomplete}. A request that continues a
 * conversation kept by the server does not hold its prompt, and is not read.
 */
final class OpenAiResponses implements Dialect {
  private static final Set<String> TEXT = Set.of("input_text", "output_text", "text");

  @Override
  public Set<String> reads() {
    return Set.of("input", "instructions", "previous_response_id", "conversation");
  }

  @Override
  public Optional<Prompt> prompt(JsonNode call, Unread unread) {
    if (call.hasNonNull("previous_response_id") || call.hasNonNull("conversation")) {
      return Optional.empty();
    }
    ChatTurns turns = new ChatTurns();
    if (call.hasNonNull("instructions")) {
      turns.add("system", Parts.prompt(call.path("instructions"), TEXT, unread));
    }
    JsonNode input = call.path("input");
    if (input.isTextual()) {
      turns.add("user", Optional.of(input.textValue()));
    }
    input.forEach(item -> item(item, turns, unread));
    return turns.prompt();
  }

  private static void item(JsonNode item, ChatTurns turns, Unread unread) {
    String type = item.path("type").asText("message");
    switch (type) {
      case "message" ->
          turns.add(item.path("role").asText(), Parts.prompt(item.path("content"), TEXT, unread));
      case "function_call" ->
          turns.add(
              "assistant", Optional.of(Parts.toolCall(item.path("name"), item.path("arguments"))));
      case "function_call_output" ->
          turns.add("tool", Parts.prompt(item.path("output"), TEXT, unread));
      case "reasoning" -> {} // Not given back to the model by the servers known.
      default -> {
        unread.add("input." + type);
        turns.add("", Optional.empty());
      }
    }
  }

  @Override
  public void whole(JsonNode body, Choices into) {
    if (!body.path("output").isArray() || body.path("status").asText().equals("failed")) {
      into.fail();
      return;
    }
    output(body, into);
  }

  private static void output(JsonNode response, Choices into) {
    into.add(0, "");
    for (JsonNode item : response.path("output")) {
      switch (item.path("type").asText()) {
        case "message" -> into.add(0, Parts.answer(item.path("content"), TEXT, into));
        case "reasoning" -> into.reasoned();
        case "function_call", "custom_tool_call", "mcp_call" -> into.calledTool();
        default -> into.unread().add("output." + item.path("type").asText("untyped"));
      }
    }
    usage(response, into);
  }

  private static void usage(JsonNode response, Choices into) {
    JsonNode usage = response.path("usage");
    into.tokens(0, usage.path("input_tokens"), usage.path("output_tokens"));
  }

  @Override
  public void event(JsonNode event, Choices into) {
    String type = event.path("type").asText();
    switch (type) {
      case "response.output_text.delta" -> into.add(0, event.path("delta").asText(""));
      case "response.completed", "response.incomplete" -> end(event.path("response"), into);
      case "response.failed", "error" -> into.fail();
      default -> aside(type, into);
    }
  }

  /** A server that sends no deltas has all of the answer in the last event. */
  private static void end(JsonNode response, Choices into) {
    into.add(0, "");
    if (into.isBlank()) {
      output(response, into);
    }
    usage(response, into);
    into.end();
  }

  private static void aside(String type, Choices into) {
    if (type.startsWith("response.reasoning")) {
      into.reasoned();
    } else if (List.of(
            "response.function_call_arguments.delta", "response.mcp_call_arguments.delta")
        .contains(type)) {
      into.calledTool();
    } else if (type.endsWith(".delta")) {
      into.unread().add(type);
    }
  }

  @Override
  public boolean ended(Choices seen) {
    return seen.ended();
  }
}
