package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * OpenAI's chat completions, as vLLM, SGLang, llama.cpp, TGI and KServe write them too. A stream
 * ends with {@code [DONE]}. Reasoning comes as {@code reasoning_content} or {@code reasoning}.
 */
final class OpenAiChat implements Dialect {
  private static final Set<String> TEXT = Set.of("text");
  private static final Set<String> READ =
      Set.of(
          "role",
          "content",
          "reasoning_content",
          "reasoning",
          "tool_calls",
          "function_call",
          "annotations");

  @Override
  public Set<String> reads() {
    return Set.of("messages", "continue_final_message", "add_generation_prompt");
  }

  @Override
  public Optional<Prompt> prompt(JsonNode call, Unread unread) {
    ChatTurns turns = new ChatTurns();
    for (JsonNode message : call.path("messages")) {
      turns.add(message.path("role").asText(), content(message, unread));
    }
    return turns.prompt(call.path("continue_final_message").asBoolean());
  }

  private static Optional<String> content(JsonNode message, Unread unread) {
    List<String> calls = new ArrayList<>();
    for (JsonNode call : message.path("tool_calls")) {
      JsonNode function = call.path("function");
      calls.add(Parts.toolCall(function.path("name"), function.path("arguments")));
    }
    JsonNode content = message.path("content");
    boolean none = content.isNull() || content.isMissingNode();
    Optional<String> text =
        none && !calls.isEmpty() ? Optional.of("") : Parts.prompt(content, TEXT, unread);
    return text.map(said -> Parts.joinCalls(said, calls));
  }

  @Override
  public void whole(JsonNode body, Choices into) {
    body.path("choices").forEach(choice -> take(choice, choice.path("message"), into));
    usage(body, into);
  }

  @Override
  public void event(JsonNode event, Choices into) {
    event.path("choices").forEach(choice -> take(choice, choice.path("delta"), into));
    usage(event, into);
  }

  @Override
  public boolean ended(Choices seen) {
    return seen.done();
  }

  private static void take(JsonNode choice, JsonNode said, Choices into) {
    if (!choice.isObject()) {
      into.fail();
      return;
    }
    into.add(choice.path("index").asInt(), Parts.answer(said.path("content"), TEXT, into));
    if (says(said.path("reasoning_content")) || says(said.path("reasoning"))) {
      into.reasoned();
    }
    if (says(said.path("tool_calls")) || says(said.path("function_call"))) {
      into.calledTool();
    }
    into.unread().addTexts(said, READ, "message.");
  }

  private static boolean says(JsonNode node) {
    return node.isTextual() ? !node.textValue().isEmpty() : !node.isEmpty();
  }

  static void usage(JsonNode body, Choices into) {
    JsonNode usage = body.path("usage");
    into.tokens(0, usage.path("prompt_tokens"), usage.path("completion_tokens"));
  }
}
