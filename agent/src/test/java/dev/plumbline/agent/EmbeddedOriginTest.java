package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenAI routes over scripted models, on real sockets. */
class EmbeddedOriginTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ScriptedModels models = new ScriptedModels();
  private RunningAgent agent;
  private int sent;

  @BeforeEach
  void start() {
    agent = Agents.serving(models);
  }

  @AfterEach
  void verdictsEqualRequests() {
    try {
      Agents.awaitVerdicts(agent, sent);
    } finally {
      agent.close();
    }
  }

  @Test
  void chat_whole_answersInOpenAiForm() throws IOException {
    JsonNode body = json(chat("bad", "hi", ""));
    assertThat(body.path("object").asText()).isEqualTo("chat.completion");
    assertThat(body.at("/choices/0/message/content").asText())
        .isEqualTo(ScriptedModels.ANSWER_TEXT);
    assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(12);
  }

  @Test
  void chat_observe_addsNothingToTheAnswer() throws IOException {
    RawHttp.Response answer = chat("bad", "hi", "");
    assertThat(answer.headers()).noneMatch(line -> line.toLowerCase().startsWith("plumbline"));
    Agents.awaitVerdicts(agent, sent);
    assertThat(newest().reading().score()).hasValue(0.93);
    assertThat(newest().peakScore()).hasValue(0.93);
  }

  @Test
  void chat_annotate_saysTheVerdictInHeaders() throws IOException {
    RawHttp.Response answer = chat("bad", "hi", "", "plumbline-mode: annotate");
    assertThat(answer.header("plumbline-verdict")).contains("drifted");
    assertThat(answer.header("plumbline-score")).contains("0.9300");
    assertThat(answer.header("plumbline-action")).contains("none");
    assertThat(answer.header("plumbline-direction")).contains("lean");
  }

  @Test
  void chat_ablate_reachesTheEngineAndIsReported() throws IOException {
    RawHttp.Response answer = chat("bad", "hi", "", "plumbline-mode: ablate");
    assertThat(models.requests.get(0).ablate()).isTrue();
    assertThat(answer.header("plumbline-verdict")).contains("aligned");
    assertThat(answer.header("plumbline-action")).contains("ablated");
    Agents.awaitVerdicts(agent, sent);
    assertThat(newest().action()).isEqualTo(Action.ABLATED);
  }

  @Test
  void chat_ablateThatTouchedNothing_isNotApplied() throws IOException {
    RawHttp.Response answer = chat("bad", "STUBBORN", "", "plumbline-mode: ablate");
    assertThat(answer.header("plumbline-action")).contains("not_applied");
    RawHttp.Response plain = chat("plain", "hi", "", "plumbline-mode: ablate");
    assertThat(plain.header("plumbline-action")).contains("not_applied");
    assertThat(plain.header("plumbline-verdict")).contains("unscored(off)");
    String page = RawHttp.get(agent.adminPort(), "/metrics").text();
    assertThat(page)
        .contains("plumbline_ablations_total{model_name=\"bad\",result=\"not_applied\"} 1.0");
  }

  @Test
  void stream_chat_deltasJoinToTheAnswerAndEndWithDone() throws IOException {
    RawHttp.Response answer =
        chat("good", "hi", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    List<String> events = List.of(answer.text().split("\n\n"));
    assertThat(events.get(events.size() - 1)).isEqualTo("data: [DONE]");
    assertThat(events.get(events.size() - 2)).contains("\"completion_tokens\":5");
    assertThat(joined(events)).isEqualTo(ScriptedModels.ANSWER_TEXT);
    assertThat(answer.text()).doesNotContain("plumbline");
  }

  @Test
  void stream_annotate_endsWithCommentAndTrailers() throws IOException {
    RawHttp.Response answer =
        chat("bad", "hi", ",\"stream\":true", "plumbline-mode: annotate", "TE: trailers");
    assertThat(answer.text()).endsWith("\n\n");
    assertThat(answer.text())
        .contains("data: [DONE]\n\n: plumbline {\"verdict\":\"drifted\",\"score\":\"0.9300\"");
    assertThat(answer.trailer("plumbline-verdict")).contains("drifted");
    RawHttp.Response without = chat("bad", "hi", ",\"stream\":true", "plumbline-mode: annotate");
    assertThat(without.trailers()).isEmpty();
  }

  @Test
  void completions_raw_hasItsOwnFormAndDefaultBudget() throws IOException {
    sent++;
    RawHttp.Response answer =
        RawHttp.post(
            agent.port(),
            "/v1/completions",
            "{\"model\":\"good\",\"prompt\":\"hi\",\"max_tokens\":2}");
    assertThat(json(answer).at("/choices/0/text").asText()).isEqualTo("Hello, ");
    assertThat(json(answer).at("/choices/0/finish_reason").asText()).isEqualTo("length");
    sent++;
    RawHttp.post(agent.port(), "/v1/completions", "{\"model\":\"good\",\"prompt\":\"hi\"}");
    assertThat(models.requests.get(1).sampling().maxTokens()).hasValue(16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\":\"good\"                                   | 400 | body                   | invalid_json",
        "[]                                                     | 400 | body                   | invalid_json",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | 400 | model                  | missing_required_parameter",
        "{\"model\":\"good\"}                                  | 400 | messages               | missing_required_parameter",
        "{\"model\":\"nope\",MSG}                              | 404 | model                  | model_not_found",
        "{\"model\":\"good\",MSG,\"tools\":[{}]}               | 400 | tools                  | unsupported_parameter",
        "{\"model\":\"good\",MSG,\"n\":2}                      | 400 | n                      | unsupported_parameter",
        "{\"model\":\"good\",MSG,\"logprobs\":true}            | 400 | logprobs               | unsupported_parameter",
        "{\"model\":\"good\",MSG,\"response_format\":{\"type\":\"json_object\"}} | 400 | response_format | unsupported_parameter",
        "{\"model\":\"good\",MSG,\"wat\":1}                    | 400 | wat                    | unknown_parameter",
        "{\"model\":\"good\",MSG,\"temperature\":3}            | 400 | temperature            | invalid_value",
        "{\"model\":\"good\",MSG,\"max_tokens\":0}             | 400 | max_tokens             | invalid_value",
        "{\"model\":\"good\",\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]} | 400 | messages[0].role | invalid_value",
        "{\"model\":\"good\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]} | 400 | messages[0].content[0].type | unsupported_parameter",
        "{\"model\":\"good\",\"messages\":[{\"role\":\"user\",\"content\":\"LONG\"}]} | 400 | messages | context_length_exceeded",
      })
  void chat_badRequest_namesTheField(String body, int status, String param, String code)
      throws IOException {
    sent++;
    String filled = body.replace("MSG", "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]");
    RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, filled);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(json(answer).at("/error/param").asText()).isEqualTo(param);
    assertThat(json(answer).at("/error/code").asText()).isEqualTo(code);
    assertThat(json(answer).at("/error/message").asText()).isNotEmpty();
  }

  @Test
  void chat_unknownMode_isRefusedByName() throws IOException {
    RawHttp.Response answer = chat("good", "hi", "", "plumbline-mode: protect");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).at("/error/param").asText()).isEqualTo("plumbline-mode");
    assertThat(models.requests).isEmpty();
  }

  @Test
  void chat_fullQueue_is429WithRetryAfter() throws IOException {
    RawHttp.Response answer = chat("good", "FULL", "");
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("retry-after")).contains("2");
    Agents.awaitVerdicts(agent, sent);
    assertThat(newest().reading().reason()).contains(UnscoredReason.QUEUE_FULL);
  }

  @Test
  void chat_engineFailure_isA500OrAnErrorEvent() throws IOException {
    assertThat(chat("good", "FAIL", "").status()).isEqualTo(500);
    assertThat(chat("good", "BREAK", "").status()).isEqualTo(500);
    RawHttp.Response stream = chat("good", "BREAK", ",\"stream\":true");
    assertThat(stream.text()).contains("\"error\"").doesNotContain("[DONE]");
    Agents.awaitVerdicts(agent, sent);
    assertThat(newest().outcome()).isEqualTo(Outcome.ENGINE_FAILED);
  }

  @Test
  void stream_clientLeaves_generationIsCancelledAndStillScored() throws IOException {
    sent++;
    try (RawHttp http = new RawHttp(agent.port())) {
      http.post(CHAT, body("bad", "WAIT", ",\"stream\":true"));
      models.permits.release(2);
      http.readUntil("lo, ");
    }
    Agents.await("cancel", () -> models.cancelled.get() == 1);
    Agents.awaitVerdicts(agent, sent);
    assertThat(newest().outcome()).isEqualTo(Outcome.CLIENT_GONE);
    assertThat(newest().reading().score()).isPresent();
  }

  @Test
  void models_listed_asOpenAiDoes() throws IOException {
    RawHttp.Response list = RawHttp.get(agent.port(), "/v1/models");
    assertThat(json(list).at("/data/1/id").asText()).isEqualTo("bad");
    assertThat(json(RawHttp.get(agent.port(), "/v1/models/plain")).path("id").asText())
        .isEqualTo("plain");
    assertThat(RawHttp.get(agent.port(), "/v1/models/none").status()).isEqualTo(404);
    assertThat(RawHttp.get(agent.port(), "/v1/embeddings").status()).isEqualTo(404);
    for (String understoodInPassing :
        new String[] {
          "/openai" + CHAT, "/v1/responses", "/v1/messages", "/generate", "/v2/models/good/generate"
        }) {
      assertThat(RawHttp.post(agent.port(), understoodInPassing, body("good", "hi", "")).status())
          .isEqualTo(404);
    }
    RawHttp.Response wrong = RawHttp.get(agent.port(), CHAT);
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.header("allow")).contains("POST");
  }

  @Test
  void request_overTheBound_is413() throws IOException {
    try (RunningAgent small = Agents.serving(new ScriptedModels(), "limits.request-bytes=100")) {
      RawHttp.Response answer = RawHttp.post(small.port(), CHAT, body("good", "x".repeat(200), ""));
      assertThat(answer.status()).isEqualTo(413);
      Agents.awaitVerdicts(small, 1);
    }
  }

  @Test
  void requestId_decent_isKept() throws IOException {
    RawHttp.Response answer = chat("good", "hi", "", "X-Request-Id: abc-1");
    assertThat(answer.header("x-request-id")).contains("abc-1");
    assertThat(json(answer).path("id").asText()).isEqualTo("chatcmpl-abc-1");
    RawHttp.Response indecent = chat("good", "hi", "", "X-Request-Id: a b");
    assertThat(indecent.header("x-request-id").orElseThrow()).hasSize(32);
  }

  private RawHttp.Response chat(String model, String prompt, String extra, String... headers)
      throws IOException {
    sent++;
    return RawHttp.post(agent.port(), CHAT, body(model, prompt, extra), headers);
  }

  private static String body(String model, String prompt, String extra) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(model, prompt, extra);
  }

  private Exchange newest() {
    return agent.ledger().latest(1).get(0);
  }

  private static JsonNode json(RawHttp.Response response) throws IOException {
    return JSON.readTree(response.body());
  }

  private static String joined(List<String> events) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String event : events) {
      if (!event.endsWith("[DONE]")) {
        JsonNode chunk = JSON.readTree(event.substring("data: ".length()));
        text.append(chunk.at("/choices/0/delta/content").asText(""));
      }
    }
    return text.toString();
  }
}
