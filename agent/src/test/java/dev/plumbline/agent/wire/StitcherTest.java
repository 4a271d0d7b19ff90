package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Chunks as vLLM, SGLang and llama.cpp write them, put together to one stream. */
class StitcherTest {
  private static final String VLLM =
      "{\"id\":\"chatcmpl-a\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"base\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}],\"prompt_token_ids\":null}";

  /** Given anew, a prompt is the client's own, and said once. */
  @Test
  void promptIds_ofAnAnswerGivenAnew_areKeptOnce() {
    String asked =
        VLLM.replace("\"prompt_token_ids\":null", "\"prompt_token_ids\":[1,2]")
            .replace("\"content\":\"\"", "\"content\":\"a\"");
    Stitcher stitcher = new Stitcher(Route.CHAT_COMPLETIONS);
    List<ObjectNode> anew = next(stitcher, asked, 0);
    assertThat(anew.get(0).path("prompt_token_ids").toString()).isEqualTo("[1,2]");
    assertThat(next(stitcher, asked, 3).get(0).has("prompt_token_ids")).isFalse();
    stitcher.sent(anew.get(0));
    assertThat(next(stitcher, asked, 0).get(0).has("prompt_token_ids")).isFalse();
  }

  @Test
  void vllm_continued_hasTheFirstOnesNamesAndNoSecondRole() {
    Stitcher stitcher = begun(VLLM);
    assertThat(next(stitcher, VLLM.replace("chatcmpl-a", "chatcmpl-b"), 3)).isEmpty();
    List<ObjectNode> said =
        next(
            stitcher,
            "{\"id\":\"chatcmpl-b\",\"object\":\"chat.completion.chunk\",\"created\":2,\"model\":\"lora\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" more\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":[17]}]}",
            3);
    assertThat(said.get(0).toString())
        .isEqualTo(
            "{\"id\":\"chatcmpl-a\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"base\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" more\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":[17]}]}");
  }

  /** A continuation's prompt has the kept tokens in it: the sum is what it says it is. */
  @Test
  void vllm_usage_isThatOfTheWhole() {
    List<ObjectNode> counted =
        next(
            begun(VLLM),
            "{\"id\":\"b\",\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"total_tokens\":20,\"completion_tokens\":8,\"prompt_tokens_details\":{\"cached_tokens\":11}}}",
            3);
    assertThat(counted.get(0).path("usage").toString())
        .isEqualTo("{\"prompt_tokens\":9,\"total_tokens\":20,\"completion_tokens\":11}");
  }

  @Test
  void sglang_continued_keepsReasonAndDropsWhatSaysNothing() {
    String first =
        "{\"id\":\"r1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":null,\"tool_calls\":null},\"logprobs\":null,\"finish_reason\":null,\"matched_stop\":null}],\"usage\":null}";
    Stitcher stitcher = begun(first);
    assertThat(next(stitcher, first, 2)).isEmpty();
    String last =
        "{\"id\":\"r2\",\"object\":\"chat.completion.chunk\",\"created\":2,\"model\":\"m:plain\",\"choices\":[{\"index\":0,\"delta\":{\"role\":null,\"content\":null,\"reasoning_content\":null,\"tool_calls\":null},\"logprobs\":null,\"finish_reason\":\"stop\",\"matched_stop\":151645}],\"usage\":null}";
    ObjectNode end = next(stitcher, last, 2).get(0);
    assertThat(end.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(end.at("/choices/0/matched_stop").asInt()).isEqualTo(151645);
    assertThat(end.path("id").asText()).isEqualTo("r1");
    assertThat(end.at("/choices/0/delta").has("role")).isFalse();
  }

  @Test
  void llamaCpp_continued_hasOneFingerprint() {
    String first =
        "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null}}],\"created\":1,\"id\":\"chatcmpl-x\",\"model\":\"m\",\"system_fingerprint\":\"b1-a\",\"object\":\"chat.completion.chunk\"}";
    Stitcher stitcher = begun(first);
    ObjectNode said =
        next(
                stitcher,
                "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{\"content\":\"so\"}}],\"created\":5,\"id\":\"chatcmpl-y\",\"model\":\"m\",\"system_fingerprint\":\"b2-c\",\"object\":\"chat.completion.chunk\"}",
                1)
            .get(0);
    assertThat(said.path("system_fingerprint").asText()).isEqualTo("b1-a");
    assertThat(said.path("created").asInt()).isEqualTo(1);
    assertThat(said.at("/choices/0/delta/content").asText()).isEqualTo("so");
  }

  @Test
  void frames_ofAnyChunking_areTheStreamByteForByte() {
    String stream =
        "data: {\"a\":\"ü🙂\"}\n\n: a comment\n\nevent: x\r\ndata: 1\r\ndata: 2\r\n\r\ndata: [DONE]\n\n";
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      SseFrames frames = new SseFrames(1 << 10);
      StringBuilder data = new StringBuilder();
      java.io.ByteArrayOutputStream raw = new java.io.ByteArrayOutputStream();
      for (int at = 0; at < bytes.length; ) {
        int next = Math.min(bytes.length, at + 1 + random.nextInt(7));
        for (SseFrames.Frame frame : frames.feed(java.util.Arrays.copyOfRange(bytes, at, next))) {
          raw.writeBytes(frame.raw());
          data.append(frame.data()).append('|');
        }
        at = next;
      }
      assertThat(raw.toByteArray()).isEqualTo(bytes);
      assertThat(data).hasToString("{\"a\":\"ü🙂\"}||1\n2|[DONE]|");
      assertThat(frames.takeRest()).isEmpty();
    }
  }

  @Test
  void continuation_ofAChat_isTheBeginningAsLastMessage() {
    Continuation call =
        continuation(
            Route.CHAT_COMPLETIONS,
            "{\"model\":\"m\",\"max_completion_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    assertThat(call.body("Well", 7, false).toString())
        .isEqualTo(
            "{\"model\":\"m\",\"max_completion_tokens\":43,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"Well\"}],\"continue_final_message\":true,\"add_generation_prompt\":false}");
    assertThat(call.body("", 0, false).has("continue_final_message")).isFalse();
    assertThat(call.left(50)).contains(0);
  }

  @Test
  void continuation_thatCannotBe_saysWhy() {
    assertThat(obstacle("{\"n\":2,\"messages\":[]}")).isEqualTo(Continuation.Obstacle.CHOICES);
    assertThat(obstacle("{\"response_format\":{\"type\":\"json_object\"},\"messages\":[]}"))
        .isEqualTo(Continuation.Obstacle.FORMAT);
    assertThat(continuation(Route.COMPLETIONS, "{\"prompt\":[1,2]}").obstacle("x").orElseThrow())
        .isEqualTo(Continuation.Obstacle.UNREADABLE);
  }

  private static Continuation.Obstacle obstacle(String call) {
    return continuation(Route.CHAT_COMPLETIONS, call).obstacle("x").orElseThrow();
  }

  private static Continuation continuation(Route route, String call) {
    return Continuation.of(route, call.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static Stitcher begun(String first) {
    Stitcher stitcher = new Stitcher(Route.CHAT_COMPLETIONS);
    JsonNode chunk = Json.look(first).orElseThrow();
    stitcher.saw(chunk);
    stitcher.sent(chunk);
    return stitcher;
  }

  private static List<ObjectNode> next(Stitcher stitcher, String chunk, int before) {
    List<ObjectNode> all = new ArrayList<>();
    stitcher.next(Json.look(chunk).orElseThrow(), before).ifPresent(all::add);
    return all;
  }
}
