package dev.plumbline.agent.wire.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.Usage;
import org.junit.jupiter.api.Test;

class AnthropicMessagesTest {
  private final Call call =
      ask(
          "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

  private static Call ask(String body) {
    return Wire.call(Route.MESSAGES, body);
  }

  @Test
  void call_blocks_areTurns() {
    Call blocks =
        ask(
            """
            {"system":[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}],"messages":[
             {"role":"user","content":[{"type":"text","text":"Wet"},{"type":"text","text":"ter?"}]},
             {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},
               {"type":"text","text":"Moment."},{"type":"tool_use","id":"t","name":"weather","input":{"city":"Ulm"}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"18"}]}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"u"},{"type":"text","text":"Und?"}]}]}
            """);
    assertThat(Wire.turns(blocks))
        .containsExactly(
            "system: Be kind.",
            "user: Wetter?",
            "assistant: Moment.\n{\"name\":\"weather\",\"arguments\":{\"city\":\"Ulm\"}}",
            "tool: 18",
            "tool: ",
            "user: Und?");
    assertThat(blocks.unread()).isEmpty();
  }

  @Test
  void call_image_hasNoPrompt() {
    Call image =
        ask(
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{}}]}]}");
    assertThat(image.prompt()).isEmpty();
    assertThat(image.unread()).containsExactly("content.image");
  }

  @Test
  void whole_textBlocks_areOneText() {
    Answer answer =
        Wire.whole(
                call,
                """
                {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
                 {"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"Hallo "},
                 {"type":"text","text":"Welt 🙂"},{"type":"tool_use","id":"t","name":"f","input":{}},{"type":"poem"}],
                 "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":8}}
                """)
            .orElseThrow();
    assertThat(answer.texts()).containsExactly("Hallo Welt 🙂");
    assertThat(answer.usage()).contains(new Usage(3, 8));
    assertThat(answer.reasoning()).isTrue();
    assertThat(answer.toolCalls()).isTrue();
    assertThat(answer.unread()).containsExactly("content.poem");
    assertThat(Wire.whole(call, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"))
        .isEmpty();
  }

  @Test
  void stream_blocks_areJoined() {
    String events =
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"m","usage":{"input_tokens":25,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hallo"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":" 🙂!"}}

        event: content_block_start
        data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}

        """;
    String stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    Answer answer = Wire.stream(call, events + stop).orElseThrow();
    assertThat(answer.texts()).containsExactly("Hallo 🙂!");
    assertThat(answer.usage()).contains(new Usage(25, 15));
    assertThat(answer.reasoning()).isTrue();
    assertThat(answer.toolCalls()).isTrue();
    assertThat(Wire.stream(call, events)).isEmpty();
    assertThat(Wire.stream(call, events + stop + Wire.events("[DONE]"))).contains(answer);
    assertThat(Wire.left(call, events).orElseThrow().texts()).containsExactly("Hallo 🙂!");
    String error =
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n";
    assertThat(Wire.stream(call, events + error + stop)).isEmpty();
  }
}
