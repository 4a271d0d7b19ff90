package dev.plumbline.agent.wire.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.Usage;
import org.junit.jupiter.api.Test;

class OpenAiResponsesTest {
  private static final String MESSAGE =
      "{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Guten \",\"annotations\":[]},{\"type\":\"output_text\",\"text\":\"Tag 🙂\"}]}";
  private static final String RESPONSE =
      "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"error\":null,\"model\":\"m\",\"output\":["
          + "{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":[],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"hm\"}]},"
          + MESSAGE
          + ",{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}],"
          + "\"usage\":{\"input_tokens\":11,\"output_tokens\":5,\"total_tokens\":16}}";

  private final Call call = ask("{\"model\":\"m\",\"input\":\"Hallo\"}");

  private static Call ask(String body) {
    return Wire.call(Route.RESPONSES, body);
  }

  @Test
  void call_stringOrItems_isAConversation() {
    assertThat(Wire.turns(call)).containsExactly("user: Hallo");
    Call items =
        ask(
            """
            {"instructions":"Be kind.","input":[
             {"role":"developer","content":"Brief."},
             {"type":"message","role":"user","content":[{"type":"input_text","text":"Wetter?"}]},
             {"type":"reasoning","summary":[]},
             {"type":"function_call","call_id":"c","name":"weather","arguments":"{\\"city\\":\\"Ulm\\"}"},
             {"type":"function_call_output","call_id":"c","output":"18"},
             {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Mild."}]}]}
            """);
    assertThat(Wire.turns(items))
        .containsExactly(
            "system: Be kind.",
            "developer: Brief.",
            "user: Wetter?",
            "assistant: {\"name\":\"weather\",\"arguments\":{\"city\":\"Ulm\"}}",
            "tool: 18",
            "assistant: Mild.");
  }

  @Test
  void call_whosePromptIsElsewhere_hasNone() {
    assertThat(ask("{\"input\":\"x\",\"previous_response_id\":\"resp_0\"}").prompt()).isEmpty();
    assertThat(ask("{\"input\":\"x\",\"conversation\":\"c\"}").prompt()).isEmpty();
    Call file = ask("{\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]}");
    assertThat(file.prompt()).isEmpty();
    assertThat(file.unread()).containsExactly("input.item_reference");
  }

  @Test
  void whole_messages_areOneText() {
    Answer answer = Wire.whole(call, RESPONSE).orElseThrow();
    assertThat(answer.texts()).containsExactly("Guten Tag 🙂");
    assertThat(answer.usage()).contains(new Usage(11, 5));
    assertThat(answer.reasoning()).isTrue();
    assertThat(answer.toolCalls()).isTrue();
    assertThat(
            Wire.whole(call, RESPONSE.replace("\"completed\",\"error\"", "\"failed\",\"error\"")))
        .isEmpty();
    assertThat(Wire.whole(call, "{\"object\":\"response\"}")).isEmpty();
  }

  @Test
  void stream_deltas_areJoinedAndDoneEventsAreNot() {
    String delta =
        "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"%s\",\"sequence_number\":4}";
    String events =
        Wire.events(
            "{\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\",\"error\":null}}",
            "{\"type\":\"response.reasoning_text.delta\",\"delta\":\"hm\"}",
            "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"message\"}}",
            delta.formatted("Guten "),
            delta.formatted("Tag 🙂"),
            "{\"type\":\"response.output_text.done\",\"text\":\"Guten Tag 🙂\"}",
            "{\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{\"}",
            "{\"type\":\"response.poem.delta\",\"delta\":\"o\"}");
    String last = Wire.events("{\"type\":\"response.completed\",\"response\":" + RESPONSE + "}");
    Answer answer = Wire.stream(call, events + last).orElseThrow();
    assertThat(answer.texts()).containsExactly("Guten Tag 🙂");
    assertThat(answer.usage()).contains(new Usage(11, 5));
    assertThat(answer.reasoning()).isTrue();
    assertThat(answer.toolCalls()).isTrue();
    assertThat(answer.unread()).containsExactly("response.poem.delta");
    assertThat(Wire.stream(call, events)).isEmpty();
    assertThat(Wire.stream(call, events + Wire.events("[DONE]"))).isEmpty();
    assertThat(Wire.left(call, events).orElseThrow().texts()).containsExactly("Guten Tag 🙂");
    assertThat(Wire.stream(call, last).orElseThrow().texts()).containsExactly("Guten Tag 🙂");
  }

  @Test
  void stream_failure_isNothing() {
    String said = Wire.events("{\"type\":\"response.output_text.delta\",\"delta\":\"x\"}");
    for (String type : new String[] {"response.failed", "error"}) {
      String end = Wire.events("{\"type\":\"" + type + "\",\"message\":\"no\"}");
      assertThat(Wire.stream(call, said + end)).isEmpty();
      assertThat(Wire.left(call, said + end)).isEmpty();
    }
  }
}
