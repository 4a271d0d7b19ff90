package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Anthropic's messages. The text blocks are one answer. A stream ends with {@code message_stop}.
 * Results of tools, which stand in a user's turn, become turns of their own before it.
 */
final class AnthropicMessages implements Dialect {
  private static final Set<String> TEXT = Set.of("text");
  private static final Set<String> THOUGHT = Set.of("thinking", "redacted_thinking");

  @Override
  public Set<String> reads() {
    return Set.of("system", "messages");
  }

  @Override
  public Optional<Prompt> prompt(JsonNode call, Unread unread) {
    ChatTurns turns = new ChatTurns();
    if (call.hasNonNull("system")) {
      turns.add("system", Parts.prompt(call.path("system"), TEXT, unread));
    }
    for (JsonNode message : call.path("messages")) {
      turn(message, turns, unread);
    }
    return turns.prompt();
  }

  private static void turn(JsonNode message, ChatTurns turns, Unread unread) {
    String role = message.path("role").asText();
    JsonNode content = message.path("content");
    if (content.isArray()) {
      BlockTurn turn = new BlockTurn(turns, unread);
      content.forEach(turn::block);
      turn.end(role);
    } else {
      turns.add(role, Parts.prompt(content, TEXT, unread));
    }
  }

  /** One turn made of blocks. */
  private static final class BlockTurn {
    private final ChatTurns turns;
    private final Unread unread;
    private final StringBuilder said = new StringBuilder();
    private final List<String> calls = new ArrayList<>();
    private boolean results;

    BlockTurn(ChatTurns turns, Unread unread) {
      this.turns = turns;
      this.unread = unread;
    }

    void block(JsonNode block) {
      String type = block.path("type").asText();
      switch (type) {
        case "text" -> said.append(block.path("text").asText());
        case "tool_use" -> calls.add(Parts.toolCall(block.path("name"), block.path("input")));
        case "tool_result" -> {
          results = true;
          turns.add("tool", result(block.path("content"), unread));
        }
        case "thinking", "redacted_thinking" -> {} // Left out by chat templates.
        default -> {
          unread.add("content." + type);
          turns.add("", Optional.empty());
        }
      }
    }

    /** A turn that was nothing but results is done with them. */
    void end(String role) {
      String text = Parts.joinCalls(said.toString(), calls);
      if (!results || !text.isEmpty()) {
        turns.add(role, Optional.of(text));
      }
    }
  }

  private static Optional<String> result(JsonNode content, Unread unread) {
    return content.isMissingNode() ? Optional.of("") : Parts.prompt(content, TEXT, unread);
  }

  @Override
  public void whole(JsonNode body, Choices into) {
    if (!body.path("content").isArray()) {
      into.fail();
      return;
    }
    into.add(0, "");
    body.path("content").forEach(block -> block(block, into));
    usage(body.path("usage"), into);
  }

  @Override
  public void event(JsonNode event, Choices into) {
    switch (event.path("type").asText()) {
      case "message_start" -> {
        into.add(0, "");
        usage(event.path("message").path("usage"), into);
      }
      case "content_block_start" -> block(event.path("content_block"), into);
      case "content_block_delta" -> delta(event.path("delta"), into);
      case "message_delta" -> usage(event.path("usage"), into);
      case "message_stop" -> into.end();
      case "error" -> into.fail();
      default -> {} // ping, content_block_stop, and what may come.
    }
  }

  private static void block(JsonNode block, Choices into) {
    String type = block.path("type").asText();
    if (type.equals("text")) {
      into.add(0, block.path("text").asText(""));
    } else if (THOUGHT.contains(type)) {
      into.reasoned();
    } else if (type.endsWith("tool_use")) {
      into.calledTool();
    } else {
      into.unread().add("content." + type);
    }
  }

  private static void delta(JsonNode delta, Choices into) {
    String type = delta.path("type").asText();
    switch (type) {
      case "text_delta" -> into.add(0, delta.path("text").asText(""));
      case "thinking_delta", "signature_delta" -> into.reasoned();
      case "input_json_delta" -> into.calledTool();
      case "citations_delta" -> {} // About the text, not part of it.
      default -> into.unread().add("delta." + type);
    }
  }

  private static void usage(JsonNode usage, Choices into) {
    into.tokens(0, usage.path("input_tokens"), usage.path("output_tokens"));
  }

  @Override
  public boolean ended(Choices seen) {
    return seen.ended();
  }
}
