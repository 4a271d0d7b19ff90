package dev.plumbline.agent.wire.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.Usage;
import org.junit.jupiter.api.Test;

/** The servers' own routes: SGLang, llama.cpp and TGI. */
class NativeRoutesTest {
  private static final String TOKEN =
      "{\"index\":%d,\"token\":{\"id\":1,\"text\":\"%s\",\"logprob\":-0.1,\"special\":%b},\"generated_text\":null,\"details\":null}";

  private final Call sglang =
      Wire.call(
          Route.GENERATE, "{\"text\":\"Es war\",\"sampling_params\":{\"n\":2},\"stream\":true}");
  private final Call llama =
      Wire.call(Route.COMPLETION, "{\"prompt\":\"Es war\",\"n_predict\":8,\"stream\":true}");
  private final Call tgi =
      Wire.call(
          Route.GENERATE, "{\"inputs\":\"Es war\",\"parameters\":{\"return_full_text\":true}}");

  @Test
  void generate_sharedByTwoServers_isToldByTheRequest() {
    assertThat(Wire.raw(sglang)).isEqualTo("Es war");
    assertThat(Wire.raw(tgi)).isEqualTo("Es war");
    assertThat(Wire.raw(Wire.call(Route.GENERATE, "{\"text\":[\"a\"]}"))).isEqualTo("a");
    Call several = Wire.call(Route.GENERATE, "{\"text\":[\"a\",\"b\"]}");
    assertThat(several.prompt()).isEmpty();
    assertThat(several.unread()).containsExactly("text[1..]");
    assertThat(Wire.call(Route.GENERATE, "{\"input_ids\":[1,2]}").prompt()).isEmpty();
    assertThat(Wire.call(Route.GENERATE, "{\"text\":\"a\",\"image_data\":\"x\"}").prompt())
        .isEmpty();
    assertThat(Call.of(Route.GENERATE, Wire.utf8("{\"prompt\":\"a\"}"))).isEmpty();
  }

  @Test
  void sglang_whole_oneOrSeveral() {
    String one =
        "{\"text\":\" einmal\",\"output_ids\":[1],\"meta_info\":{\"id\":\"a\",\"finish_reason\":{\"type\":\"stop\"},\"prompt_tokens\":2,\"completion_tokens\":%d}}";
    assertThat(Wire.whole(sglang, one.formatted(3)).orElseThrow().texts())
        .containsExactly(" einmal");
    Answer two =
        Wire.whole(sglang, "[" + one.formatted(3) + "," + one.formatted(4) + "]").orElseThrow();
    assertThat(two.texts()).containsExactly(" einmal", " einmal");
    assertThat(two.usage()).contains(new Usage(2, 7));
    assertThat(Wire.whole(sglang, "{\"error\":{\"message\":\"no\"}}")).isEmpty();
    assertThat(Wire.whole(sglang, "{\"output_ids\":[1]}")).isEmpty();
  }

  @Test
  void sglang_stream_repeatsItself() {
    String event = "{\"text\":\"%s\",\"index\":%d,\"meta_info\":{\"completion_tokens\":%d}}";
    String events =
        Wire.events(
            event.formatted(" ei", 0, 1),
            event.formatted(" b", 1, 1),
            event.formatted(" einmal 🙂", 0, 2),
            event.formatted(" einmal 🙂", 0, 3),
            event.formatted(" einmal 🙂 Use", 0, 4),
            event.formatted(" einmal 🙂 ", 0, 5));
    assertThat(Wire.stream(sglang, events)).isEmpty();
    Answer answer = Wire.stream(sglang, events + Wire.events("[DONE]")).orElseThrow();
    assertThat(answer.texts()).containsExactly(" einmal 🙂 ", " b");
    assertThat(answer.usage()).contains(new Usage(0, 6));
    assertThat(
            Wire.stream(sglang, events + Wire.events("{\"error\":{\"message\":\"x\"}}", "[DONE]")))
        .isEmpty();
  }

  @Test
  void sglang_streamOfPieces_isJoined() {
    String events =
        Wire.events("{\"text\":\"a\"}", "{\"text\":\"a\"}", "{\"text\":\"bc\"}", "[DONE]");
    assertThat(Wire.stream(sglang, events).orElseThrow().texts()).containsExactly("aabc");
  }

  @Test
  void llama_whole_oneOrSeveral() {
    String one =
        "{\"index\":%d,\"content\":\" %s\",\"tokens\":[],\"id_slot\":0,\"stop\":true,\"model\":\"m\",\"tokens_predicted\":2,\"tokens_evaluated\":3,\"generation_settings\":{},\"prompt\":\"Es war\",\"stop_type\":\"limit\"}";
    Answer answer = Wire.whole(llama, one.formatted(0, "so")).orElseThrow();
    assertThat(answer.texts()).containsExactly(" so");
    assertThat(answer.usage()).contains(new Usage(3, 2));
    String several = "[" + one.formatted(0, "so") + "," + one.formatted(1, "nie") + "]";
    assertThat(Wire.whole(llama, several).orElseThrow().texts()).containsExactly(" so", " nie");
    assertThat(Wire.whole(llama, "{\"error\":{\"code\":400}}")).isEmpty();
    assertThat(Wire.call(Route.COMPLETION, "{\"prompt\":[12,\"a\",7]}").prompt()).isEmpty();
    String parts = "{\"prompt\":{\"prompt_string\":\"a\",\"multimodal_data\":[%s]}}";
    assertThat(Wire.raw(Wire.call(Route.COMPLETION, parts.formatted("")))).isEqualTo("a");
    assertThat(Wire.call(Route.COMPLETION, parts.formatted("\"eA==\"")).prompt()).isEmpty();
  }

  @Test
  void llama_stream_endsWithStopOfEachChoice() {
    String piece = "{\"index\":%d,\"content\":\"%s\",\"tokens\":[1],\"stop\":%b,\"id_slot\":0}";
    String events =
        Wire.events(
            piece.formatted(0, " ei🙂", false),
            piece.formatted(1, " b", false),
            piece.formatted(0, "nmal", false),
            piece.formatted(0, "", true));
    assertThat(Wire.stream(llama, events)).isEmpty();
    assertThat(Wire.left(llama, events).orElseThrow().texts()).containsExactly(" ei🙂nmal", " b");
    String last = Wire.events(piece.formatted(1, "", true));
    assertThat(Wire.stream(llama, events + last).orElseThrow().texts())
        .containsExactly(" ei🙂nmal", " b");
    assertThat(Wire.stream(llama, events + "error: {\"code\":500}\n\n")).isEmpty();
    assertThat(Wire.stream(llama, events + Wire.events("{\"error\":{\"code\":500}}") + last))
        .isEmpty();
  }

  @Test
  void tgi_whole_bestOfAndFullText() {
    String body =
        "{\"generated_text\":\"Es war einmal\",\"details\":{\"finish_reason\":\"length\",\"generated_tokens\":4,\"best_of_sequences\":[{\"generated_text\":\"Es war nie\"}]}}";
    Answer answer = Wire.whole(tgi, body).orElseThrow();
    assertThat(answer.texts()).containsExactly(" einmal", " nie");
    assertThat(answer.usage()).contains(new Usage(0, 4));
    assertThat(Wire.whole(tgi, "[" + body + "]")).contains(answer);
    assertThat(Wire.whole(tgi, "{\"error\":\"overloaded\",\"error_type\":\"overloaded\"}"))
        .isEmpty();
    Call adapted =
        Wire.call(Route.GENERATE, "{\"inputs\":\"a\",\"parameters\":{\"adapter_id\":\"x\"}}");
    assertThat(adapted.unread()).containsExactly("parameters.adapter_id");
  }

  @Test
  void tgi_stream_lastEventCounts() {
    String events =
        Wire.events(
            TOKEN.formatted(1, " ei", false),
            TOKEN.formatted(2, "nmal 🙂", false),
            TOKEN.formatted(3, "</s>", true));
    String last =
        Wire.events(
            TOKEN
                .formatted(4, "</s>", true)
                .replace("\"generated_text\":null", "\"generated_text\":\"Es war einmal 🙂\"")
                .replace(
                    "\"details\":null", "\"details\":{\"generated_tokens\":4,\"input_length\":3}"));
    for (Route route : new Route[] {Route.GENERATE, Route.GENERATE_STREAM}) {
      Call call =
          Wire.call(route, "{\"inputs\":\"Es war\",\"parameters\":{\"return_full_text\":true}}");
      assertThat(Wire.stream(call, events)).isEmpty();
      assertThat(Wire.left(call, events).orElseThrow().texts()).containsExactly(" einmal 🙂");
      Answer answer = Wire.stream(call, events + last).orElseThrow();
      assertThat(answer.texts()).containsExactly(" einmal 🙂");
      assertThat(answer.usage()).contains(new Usage(3, 4));
      String error =
          "event:error\ndata:{\"error\":\"Incomplete generation\",\"error_type\":\"incomplete_generation\"}\n\n";
      assertThat(Wire.stream(call, events + error)).isEmpty();
    }
  }
}
