package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Completions as a chat's events, and the request that has them come. */
class ChatFormTest {
  @Test
  void chunk_ofCompletions_isAChatsWithAllItsNumbers() {
    SseFrames.Frame said =
        ChatForm.of(
            frame(
                "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":2,\"model\":\"m\",\"choices\":[{\"index\":0,\"text\":\" hi\",\"logprobs\":null,\"finish_reason\":\"length\",\"token_ids\":[4]}],\"usage\":null}"));
    assertThat(said.data())
        .isEqualTo(
            "{\"id\":\"cmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":2,\"model\":\"m\",\"choices\":[{\"index\":0,\"logprobs\":null,\"finish_reason\":\"length\",\"token_ids\":[4],\"delta\":{\"content\":\" hi\"}}],\"usage\":null}");
    assertThat(new String(said.raw(), StandardCharsets.UTF_8))
        .isEqualTo("data: " + said.data() + "\n\n");
  }

  @Test
  void event_thatIsNoChunk_staysAsItIs() {
    for (String data :
        List.of("[DONE]", "", "{\"error\":{\"message\":\"no\"}}", "{\"choices\":1}")) {
      SseFrames.Frame frame = frame(data);
      assertThat(ChatForm.of(frame)).isSameAs(frame);
    }
  }

  @Test
  void request_behindIds_carriesHowToSampleAndNothingElse() {
    Continuation call =
        call(
            ",\"max_completion_tokens\":50,\"temperature\":0.5,\"chat_template_kwargs\":{},\"tools\":[],\"stop\":null,\"min_tokens\":3");
    assertThat(call.fitsIds()).isTrue();
    assertThat(call.behind(new int[] {1, 2}, 7).toString())
        .isEqualTo(
            "{\"model\":\"m\",\"stream\":true,\"temperature\":0.5,\"min_tokens\":0,\"prompt\":[1,2],\"max_tokens\":43,\"return_token_ids\":true}");
    assertThat(call("").behind(new int[] {1}, 7).get("max_tokens").isNull()).isTrue();
  }

  @Test
  void request_thatWouldLoseSomething_doesNotFit() {
    for (String more :
        List.of(
            "\"stop\":\"x\"",
            "\"logprobs\":true",
            "\"tools\":[{}]",
            "\"n\":2",
            "\"response_format\":{\"type\":\"json_object\"}",
            "\"return_hidden_states\":true",
            "\"whatever\":0")) {
      assertThat(call("," + more).fitsIds()).as(more).isFalse();
    }
    Continuation image =
        Continuation.of(
                Route.CHAT_COMPLETIONS,
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}"
                    .getBytes(StandardCharsets.UTF_8))
            .orElseThrow();
    assertThat(image.fitsIds()).isFalse();
  }

  /** A stream whose lines end with a return alone has its last event too. */
  @Test
  void frames_ofReturnsAlone_areWholeAtTheEnd() {
    SseFrames frames = new SseFrames(100);
    byte[] bytes = "data: 1\r\rdata: [DONE]\r\r".getBytes(StandardCharsets.UTF_8);
    assertThat(frames.feed(bytes)).extracting(SseFrames.Frame::data).containsExactly("1");
    assertThat(frames.pending()).isTrue();
    assertThat(frames.end()).extracting(SseFrames.Frame::data).containsExactly("[DONE]");
    assertThat(frames.pending()).isFalse();
    assertThat(frames.end()).isEmpty();
  }

  private static Continuation call(String more) {
    String body =
        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
            + more
            + "}";
    return Continuation.of(Route.CHAT_COMPLETIONS, body.getBytes(StandardCharsets.UTF_8))
        .orElseThrow();
  }

  private static SseFrames.Frame frame(String data) {
    return new SseFrames.Frame(SseFrames.write(data), data);
  }
}
