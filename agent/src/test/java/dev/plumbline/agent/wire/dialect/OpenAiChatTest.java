package dev.plumbline.agent.wire.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.Usage;
import org.junit.jupiter.api.Test;

/** Chat completions as vLLM, SGLang and llama.cpp write them. */
class OpenAiChatTest {
  private static final String ASK =
      """
      {"model":"m","temperature":0.7,"stream":true,"messages":[
        {"role":"system","content":"Be kind."},
        {"role":"developer","content":[{"type":"text","text":"Be "},{"type":"text","text":"brief."}]},
        {"role":"user","content":"Wetter?"},
        {"role":"assistant","content":null,"tool_calls":[
          {"id":"c1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Ulm\\"}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"18 °C"}]}
      """;

  private final Call call = Wire.call(Route.CHAT_COMPLETIONS, ASK);

  @Test
  void call_turnsAndTools_areThePrompt() {
    assertThat(Wire.turns(call))
        .containsExactly(
            "system: Be kind.",
            "developer: Be brief.",
            "user: Wetter?",
            "assistant: {\"name\":\"weather\",\"arguments\":{\"city\":\"Ulm\"}}",
            "tool: 18 °C");
    assertThat(call.unread()).isEmpty();
  }

  @Test
  void call_notText_hasNoPromptAndSaysWhy() {
    Call image =
        Wire.call(
            Route.CHAT_COMPLETIONS,
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}],\"novel\":[1],\"tools\":[{}],\"chat_template\":\"\"}");
    assertThat(image.prompt()).isEmpty();
    assertThat(image.unread()).containsExactly("content.image_url", "novel", "tools");
    assertThat(Wire.call(Route.CHAT_COMPLETIONS, "{\"messages\":[]}").prompt()).isEmpty();
    assertThat(Wire.call(Route.CHAT_COMPLETIONS, "{\"messages\":[{\"content\":\"x\"}]}").prompt())
        .isEmpty();
    assertThat(Call.of(Route.CHAT_COMPLETIONS, Wire.utf8("[1]"))).isEmpty();
    assertThat(Call.of(Route.CHAT_COMPLETIONS, Wire.utf8("{\"mess"))).isEmpty();
  }

  @Test
  void whole_twoChoices_areTwoTexts() {
    Answer answer =
        Wire.whole(
                call,
                """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[
                {"index":1,"message":{"role":"assistant","reasoning_content":null,"content":"zwei","tool_calls":[]},"logprobs":null,"finish_reason":"stop","stop_reason":null},
                {"index":0,"message":{"role":"assistant","reasoning_content":"hm","content":"eins 🙂","tool_calls":[]},"finish_reason":"length"}],
                "usage":{"prompt_tokens":9,"total_tokens":12,"completion_tokens":3},"prompt_logprobs":null,"kv_transfer_params":null}
                """)
            .orElseThrow();
    assertThat(answer.texts()).containsExactly("eins 🙂", "zwei");
    assertThat(answer.usage()).contains(new Usage(9, 3));
    assertThat(answer.reasoning()).isTrue();
    assertThat(answer.toolCalls()).isFalse();
    assertThat(answer.unread()).isEmpty();
    assertThat(answer.toString()).doesNotContain("eins");
  }

  @Test
  void whole_onlyToolCalls_isAnAnswerWithoutText() {
    Answer answer =
        Wire.whole(
                call,
                "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}")
            .orElseThrow();
    assertThat(answer.texts()).containsExactly("");
    assertThat(answer.toolCalls()).isTrue();
  }

  @Test
  void whole_noAnswer_isNothing() {
    for (String body :
        new String[] {
          "{\"choices\":[]}",
          "{\"choices\":[3]}",
          "{\"choices\":[{\"message\":{\"content\":7}}]}",
          "{\"object\":\"error\",\"error\":{\"message\":\"no\"}}",
          "{\"error\":{\"message\":\"no\"},\"choices\":[{\"message\":{\"content\":\"x\"}}]}",
          "{",
          ""
        }) {
      assertThat(Wire.whole(call, body)).as(body).isEmpty();
    }
  }

  @Test
  void whole_unknownTextField_isNamedAndNotShown() {
    Answer answer =
        Wire.whole(
                call,
                "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"poem\"}],\"refusal\":\"no\"}}]}")
            .orElseThrow();
    assertThat(answer.texts()).containsExactly("a");
    assertThat(answer.unread()).containsExactly("content.poem", "message.refusal");
  }

  @Test
  void stream_choicesReasoningAndTools_areKeptApart() {
    Answer answer =
        Wire.stream(
                call,
                Wire.events(
                    "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}",
                    "{\"choices\":[{\"index\":1,\"delta\":{\"role\":\"assistant\",\"content\":null,\"reasoning\":\"hm\"}}]}",
                    "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"gr\u00fc\\ud83d\"}}]}",
                    "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"B\"}},{\"index\":0,\"delta\":{\"content\":\"\\ude42n\"}}]}",
                    "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}}]}",
                    "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                    "{\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":7}}",
                    "[DONE]"))
            .orElseThrow();
    assertThat(answer.texts()).containsExactly("grü🙂n", "B");
    assertThat(answer.usage()).contains(new Usage(4, 7));
    assertThat(answer.reasoning()).isTrue();
    assertThat(answer.toolCalls()).isTrue();
    assertThat(answer.unread()).isEmpty();
  }

  @Test
  void stream_cutOrBroken_isNothing() {
    String said = Wire.events("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"wo\"}}]}");
    assertThat(Wire.stream(call, said)).isEmpty();
    assertThat(Wire.left(call, said).orElseThrow().texts()).containsExactly("wo");
    assertThat(Wire.stream(call, said + Wire.events("{\"cho", "[DONE]"))).isEmpty();
    assertThat(Wire.stream(call, said + Wire.events("{\"error\":{}}", "[DONE]"))).isEmpty();
    assertThat(Wire.stream(call, Wire.events("[DONE]"))).isEmpty();
    assertThat(call.stream(10).feed(Wire.utf8(said)).soFar()).isEmpty();
  }

  @Test
  void stream_textAfterDone_isNotSaid() {
    String event = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}";
    assertThat(Wire.stream(call, Wire.events(event, "[DONE]", event, "garbage")).orElseThrow())
        .extracting(Answer::texts)
        .isEqualTo(java.util.List.of("x"));
  }
}
