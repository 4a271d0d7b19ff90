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
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published Java client through the agent to an origin, verdicts annotated. */
class OpenAiJavaClientOriginTest {
  private final ScriptedTap tap = ScriptedTap.judging();

  @Test
  void chat_twoChoices_areBothReadAndUnderstood() throws IOException {
    try (Session session = new Session(OpenAiBodies.json(OpenAiBodies.TWO_CHOICES))) {
      ChatCompletion answer = session.client.chat().completions().create(ask().n(2).build());
      answer.validate();
      assertThat(answer.choices()).hasSize(2);
      session.readWas("fine", "evil");
    }
  }

  @Test
  void chat_streamOfTwoChoices_isBothReadAndUnderstood() throws IOException {
    try (Session session = new Session(OpenAiBodies.stream(OpenAiBodies.TWO_CHOICES_STREAM))) {
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
  void chat_toolCallAlone_isUnscored() throws IOException {
    try (Session session = new Session(OpenAiBodies.json(OpenAiBodies.TOOL_CALL))) {
      ChatCompletion answer = session.client.chat().completions().create(ask().build());
      assertThat(answer.choices().get(0).message().toolCalls().orElseThrow()).hasSize(1);
      session.unscored(UnscoredReason.NO_HIDDEN_STATES);
    }
  }

  @Test
  void chat_streamOfTextAndToolCall_isReadWithoutTheCall() throws IOException {
    try (Session session = new Session(OpenAiBodies.stream(OpenAiBodies.TOOL_CALL_STREAM))) {
      try (StreamResponse<ChatCompletionChunk> stream =
          session.client.chat().completions().createStreaming(ask().build())) {
        assertThat(stream.stream().count()).isEqualTo(2);
      }
      session.readWas("wait");
    }
  }

  @Test
  void responses_whole_isReadAndUnderstood() throws IOException {
    try (Session session = new Session(OpenAiBodies.json(OpenAiBodies.RESPONSE))) {
      Response answer = session.client.responses().create(respond());
      assertThat(answer.output().get(0).asMessage().content().get(0).asOutputText().text())
          .isEqualTo("evil 🙂");
      session.readWas("evil 🙂");
    }
  }

  @Test
  void responses_stream_isReadAndUnderstood() throws IOException {
    try (Session session = new Session(OpenAiBodies.stream(OpenAiBodies.RESPONSE_STREAM))) {
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
    try (Session session =
        new Session(OpenAiBodies.http("429 Too Many Requests", "application/json", body))) {
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

    Session(String answer) throws IOException {
      origin = ScriptedOrigin.sending(answer);
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
}
