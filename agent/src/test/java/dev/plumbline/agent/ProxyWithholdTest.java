package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.NumberedOrigin.Plan;
import dev.plumbline.agent.ProxyRescueTest.Told;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Tap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code withhold}: no byte of what drifted goes out, on every route, whole and streamed. */
class ProxyWithholdTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String TEXT = "refusal.text=Not this.";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @Test
  void chat_drifted_isARefusalWithTheNamesOfTheAnswer() throws Exception {
    String evil =
        "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion\",\"created\":9,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"evil\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";
    JsonNode answer = whole(CHAT, ASK, evil);
    assertThat(answer.path("id").asText()).isEqualTo("chatcmpl-7");
    assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Not this.");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("content_filter");
    assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(4);
  }

  @Test
  void completions_messagesAndResponses_haveRefusalsOfTheirOwn() throws Exception {
    JsonNode completion =
        whole(
            "/v1/completions",
            "{\"model\":\"m\",\"prompt\":\"hi\"}",
            "{\"id\":\"c\",\"choices\":[{\"index\":0,\"text\":\"evil\",\"finish_reason\":\"stop\"}]}");
    assertThat(completion.at("/choices/0/text").asText()).isEqualTo("Not this.");
    JsonNode message =
        whole(
            "/v1/messages",
            ASK,
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"evil\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}");
    assertThat(message.path("stop_reason").asText()).isEqualTo("refusal");
    assertThat(message.at("/content/0/text").asText()).isEqualTo("Not this.");
    JsonNode response =
        whole("/v1/responses", "{\"model\":\"m\",\"input\":\"hi\"}", OpenAiBodies.RESPONSE);
    assertThat(response.path("status").asText()).isEqualTo("incomplete");
    assertThat(response.at("/incomplete_details/reason").asText()).isEqualTo("content_filter");
    assertThat(response.at("/output/0/content/0/refusal").asText()).isEqualTo("Not this.");
  }

  @Test
  void streams_heldWhole_areRefusedInTheFormOfTheirRoute() throws Exception {
    String messages =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n"
            + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"evil\"}}\n\n"
            + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    assertThat(streamed("/v1/messages", ASK, messages))
        .contains("event: message_stop", "\"stop_reason\":\"refusal\"", "Not this.", "msg_1");
    String responses =
        "data: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"model\":\"m\"}}\n\n"
            + "data: {\"type\":\"response.output_text.delta\",\"delta\":\"evil\"}\n\n"
            + "data: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[]}}\n\n";
    assertThat(streamed("/v1/responses", "{\"model\":\"m\",\"input\":\"hi\"}", responses))
        .contains("response.refusal.delta", "response.incomplete", "resp_1", "content_filter");
    String chat =
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"fine\"}},{\"index\":1,\"delta\":{\"content\":\"evil\"}}]}\n\ndata: [DONE]\n\n";
    String told = streamed(CHAT, ASK, chat);
    assertThat(told).contains("\"index\":1", "content_filter", "data: [DONE]");
    assertThat(told).doesNotContain("fine");
  }

  /** Nothing of these routes says "refused", so that an error takes the answer's place. */
  @Test
  void otherRoutes_drifted_areAnError() throws Exception {
    try (ScriptedOrigin origin =
            origin("application/json", "{\"content\":\"evil\",\"stop\":true}");
        RunningAgent agent = withhold(origin.port(), ScriptedTap.judging())) {
      RawHttp.Response answer =
          RawHttp.post(agent.port(), "/completion", "{\"model\":\"m\",\"prompt\":\"hi\"}");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.text()).contains("content_filter").doesNotContain("evil");
      assertThat(only(agent).outcome()).isEqualTo(Outcome.WITHHELD);
    }
  }

  @Test
  void window_drifted_endsTheStreamWithARefusalBehindWhatWasAligned() throws Exception {
    try (NumberedOrigin origin = new NumberedOrigin((c, v, n) -> new Plan(40, 20, -1, 1));
        RunningAgent agent = withhold(origin.port(), JudgingTap.of("EVIL"), "withhold.window=5")) {
      Told told = ProxyRescueTest.ask(agent, CHAT, ProxyRescueTest.body(true, ""));
      assertThat(told.text()).startsWith(" 1 2 3").endsWith("\n\nNot this.");
      assertThat(told.raw()).doesNotContain("EVIL");
      assertThat(told.text()).doesNotContain(" 16");
      assertThat(told.finishes()).containsExactly("content_filter");
      assertThat(told.dones()).isEqualTo(1);
      assertThat(only(agent).action()).isEqualTo(Action.WITHHELD);
      assertThat(ProxyRescueTest.metrics(agent))
          .contains("plumbline_withheld_total{model_name=\"m\",reason=\"drifted\"} 1.0");
    }
  }

  @Test
  void window_withoutAVerdict_followsTheFailRule() throws Exception {
    for (String fail : List.of("open", "closed")) {
      try (NumberedOrigin origin = new NumberedOrigin((c, v, n) -> new Plan(40, -1, -1, 10));
          RunningAgent agent =
              withhold(
                  origin.port(),
                  JudgingTap.mute(),
                  "withhold.window=2",
                  "withhold.deadline=100ms",
                  "fail=" + fail)) {
        RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ProxyRescueTest.body(true, ""));
        if (fail.equals("open")) {
          assertThat(ProxyRescueTest.told(answer.text()).text()).isEqualTo(NumberedOrigin.text(40));
          assertThat(answer.text()).contains("not_applied");
        } else {
          assertThat(answer.status()).isEqualTo(503);
          assertThat(answer.text()).contains("verdict_missing").doesNotContain("\" 1\"");
        }
        assertThat(only(agent).reading().reason()).isPresent();
      }
    }
  }

  @Test
  void rescue_ofAWholeAnswer_isGivenAnewUnderTheFirstName() throws Exception {
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  boolean ablated = request.header("plumbline-mode").equals("ablate");
                  String body =
                      "{\"id\":\"%s\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"finish_reason\":\"stop\"}]}"
                          .formatted(ablated ? "two" : "one", ablated ? "kind" : "evil");
                  out.write(OpenAiBodies.json(body).getBytes(StandardCharsets.UTF_8));
                  out.flush();
                  return true;
                });
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                ScriptedTap.judging(),
                (o, m) -> Optional.of(new AblatedVariant.Header()),
                "models.m.mode=rescue")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.text()).contains("kind", "\"id\":\"one\"").doesNotContain("evil");
      assertThat(answer.header("plumbline-action")).contains("rescued");
      assertThat(answer.header("plumbline-verdict")).contains("aligned");
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
      assertThat(ProxyRescueTest.metrics(agent)).contains("result=\"anew\"} 1.0");
    }
  }

  private static RunningAgent withhold(int port, Tap tap, String... more) {
    String[] all = java.util.Arrays.copyOf(more, more.length + 2);
    all[more.length] = "models.m.mode=withhold";
    all[more.length + 1] = TEXT;
    return Agents.reading(port, tap, all);
  }

  private static JsonNode whole(String path, String ask, String body) throws Exception {
    try (ScriptedOrigin origin = origin("application/json", body);
        RunningAgent agent = withhold(origin.port(), ScriptedTap.judging())) {
      RawHttp.Response answer = RawHttp.post(agent.port(), path, ask);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).doesNotContain("evil");
      assertThat(answer.header("plumbline-action")).contains("withheld");
      assertThat(answer.header("plumbline-verdict")).contains("drifted");
      assertThat(only(agent).outcome()).isEqualTo(Outcome.WITHHELD);
      assertThat(only(agent).action()).isEqualTo(Action.WITHHELD);
      return JSON.readTree(answer.text());
    }
  }

  private static String streamed(String path, String ask, String events) throws Exception {
    ScriptedTap tap =
        new ScriptedTap(
            text ->
                java.util.concurrent.CompletableFuture.completedFuture(
                    ScriptedTap.reading(text.answers().contains("evil") ? 0.9 : 0.1)));
    try (ScriptedOrigin origin = origin("text/event-stream", events);
        RunningAgent agent = withhold(origin.port(), tap)) {
      RawHttp.Response answer =
          RawHttp.post(agent.port(), path, ask.replace("{\"model\"", "{\"stream\":true,\"model\""));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).doesNotContain("evil").contains("Not this.");
      assertThat(only(agent).action()).isEqualTo(Action.WITHHELD);
      return answer.text();
    }
  }

  private static ScriptedOrigin origin(String type, String body) throws IOException {
    return ScriptedOrigin.sending(
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(type, body.getBytes(StandardCharsets.UTF_8).length, body));
  }

  private static Exchange only(RunningAgent agent) {
    Agents.awaitVerdicts(agent, 1);
    return agent.ledger().latest(1).get(0);
  }
}
