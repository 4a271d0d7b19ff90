package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published Java client through the agent to an origin, verdicts annotated. */
class OpenAiJavaClientOriginTest {
  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":6,\"total_tokens\":10}";
  private static final String TOOL =
      "\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]";
  private static final String RESPONSE =
      "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"status\":\"completed\",\"error\":null,\"incomplete_details\":null,\"instructions\":null,\"metadata\":{},\"model\":\"m\",\"parallel_tool_calls\":true,\"temperature\":1.0,\"top_p\":1.0,\"tool_choice\":\"auto\",\"tools\":[],"
          + "\"output\":[{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\"evil 🙂\",\"annotations\":[]}]}],"
          + "\"usage\":{\"input_tokens\":4,\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":6,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":10}}";

  private final ScriptedTap tap = ScriptedTap.judging();

  @Test
  void chat_twoChoices_areBothReadAndUnderstood() throws IOException {
    String body =
        "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":["
            + message(0, "\"content\":\"fine\",\"refusal\":null", "stop")
            + ","
            + message(1, "\"content\":\"evil\",\"refusal\":null", "stop")
            + "],"
            + USAGE
            + "}";
    try (Session session = new Session("200 OK", "application/json", body)) {
      ChatCompletion answer = session.client.chat().completions().create(ask().n(2).build());
      answer.validate();
      assertThat(answer.choices()).hasSize(2);
      session.readWas("fine", "evil");
    }
  }

  @Test
  void chat_streamOfTwoChoices_isBothReadAndUnderstood() throws IOException {
    String body =
        event(chunk(0, "\"role\":\"assistant\",\"content\":\"fi\""))
            + event(chunk(1, "\"role\":\"assistant\",\"content\":\"evil\""))
            + event(chunk(0, "\"content\":\"ne 🙂\""))
            + "data: [DONE]\n\n";
    try (Session session = new Session("200 OK", "text/event-stream", body)) {
      StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
      try (StreamResponse<ChatCompletionChunk> stream =
          session.client.chat().completions().createStreaming(ask().n(2).build())) {
        stream.stream()
            .flatMap(chunk -> chunk.choices().stream())
            .forEach(
                choice -> choice.delta().content().ifPresent(texts[(int) choice.index()]::append));
      }
      assertThat(texts[0]).hasToString("fine 🙂");
      assertThat(texts[1]).hasToString("evil");
      session.readWas("fine 🙂", "evil");
    }
  }

  @Test
  void chat_toolCalls_areUnscoredAloneAndLeftOutBesideText() throws IOException {
    String body =
        "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[%s]}";
    String alone = message(0, "\"content\":null,\"refusal\":null," + TOOL, "tool_calls");
    try (Session session = new Session("200 OK", "application/json", body.formatted(alone))) {
      ChatCompletion answer = session.client.chat().completions().create(ask().build());
      assertThat(answer.choices().get(0).message().toolCalls().orElseThrow()).hasSize(1);
      session.unscored(UnscoredReason.NO_HIDDEN_STATES);
    }
    String beside =
        event(chunk(0, "\"content\":\"wait\"")) + event(chunk(0, TOOL)) + "data: [DONE]\n\n";
    try (Session session = new Session("200 OK", "text/event-stream", beside)) {
      try (StreamResponse<ChatCompletionChunk> stream =
          session.client.chat().completions().createStreaming(ask().build())) {
        assertThat(stream.stream().count()).isEqualTo(2);
      }
      session.readWas("wait");
    }
  }

  @Test
  void responses_whole_isReadAndUnderstood() throws IOException {
    try (Session session = new Session("200 OK", "application/json", RESPONSE)) {
      Response answer = session.client.responses().create(respond());
      assertThat(answer.output().get(0).asMessage().content().get(0).asOutputText().text())
          .isEqualTo("evil 🙂");
      session.readWas("evil 🙂");
    }
  }

  @Test
  void responses_stream_isReadAndUnderstood() throws IOException {
    String delta =
        "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"sequence_number\":1,\"logprobs\":[],\"delta\":\"%s\"}";
    String body =
        "event: response.output_text.delta\n"
            + event(delta.formatted("evil "))
            + event(delta.formatted("🙂"))
            + event(
                "{\"type\":\"response.completed\",\"sequence_number\":3,\"response\":"
                    + RESPONSE
                    + "}");
    try (Session session = new Session("200 OK", "text/event-stream", body)) {
      StringBuilder text = new StringBuilder();
      try (StreamResponse<ResponseStreamEvent> stream =
          session.client.responses().createStreaming(respond())) {
        stream.stream()
            .forEach(event -> event.outputTextDelta().ifPresent(d -> text.append(d.delta())));
      }
      assertThat(text).hasToString("evil 🙂");
      session.readWas("evil 🙂");
    }
  }

  @Test
  void errors_areTheOriginsOwn() throws IOException {
    String body = "{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_error\"}}";
    try (Session session = new Session("429 Too Many Requests", "application/json", body)) {
      assertThatThrownBy(() -> session.client.chat().completions().create(ask().build()))
          .isInstanceOf(RateLimitException.class)
          .hasMessageContaining("slow down");
      session.unscored(UnscoredReason.NO_HIDDEN_STATES);
    }
  }

  /** A client, an agent and an origin with one answer. */
  private final class Session implements AutoCloseable {
    final ScriptedOrigin origin;
    final RunningAgent agent;
    final OpenAIClient client;

    Session(String status, String type, String body) throws IOException {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      origin =
          ScriptedOrigin.sending(
              "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(status, type, length, body));
      agent = Agents.reading(origin.port(), tap, "mode=annotate");
      client =
          OpenAIOkHttpClient.builder()
              .baseUrl("http://127.0.0.1:" + agent.port() + "/v1")
              .apiKey("none")
              .maxRetries(0)
              .build();
    }

    void readWas(String... texts) {
      Agents.awaitVerdicts(agent, 1);
      assertThat(tap.seen).hasSize(1);
      assertThat(tap.seen.get(0).answers()).isEqualTo(List.of(texts));
      assertThat(agent.ledger().latest(1).get(0).reading().score()).isPresent();
    }

    void unscored(UnscoredReason reason) {
      Agents.awaitVerdicts(agent, 1);
      assertThat(tap.seen).isEmpty();
      assertThat(agent.ledger().latest(1).get(0).reading().reason()).contains(reason);
    }

    @Override
    public void close() throws IOException {
      client.close();
      agent.close();
      origin.close();
    }
  }

  private static ChatCompletionCreateParams.Builder ask() {
    return ChatCompletionCreateParams.builder().model("m").addUserMessage("hi");
  }

  private static ResponseCreateParams respond() {
    return ResponseCreateParams.builder().model("m").instructions("be kind").input("hi").build();
  }

  private static String message(int index, String fields, String finish) {
    return "{\"index\":%d,\"message\":{\"role\":\"assistant\",%s},\"logprobs\":null,\"finish_reason\":\"%s\"}"
        .formatted(index, fields, finish);
  }

  private static String chunk(int index, String delta) {
    return "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":%d,\"delta\":{%s},\"finish_reason\":null}]}"
        .formatted(index, delta);
  }

  private static String event(String json) {
    return "data: " + json + "\n\n";
  }
}
