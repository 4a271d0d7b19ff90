package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionCreateParams;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The published Java client against the embedded origin, verdicts annotated. */
class OpenAiJavaClientTest {
  private final RunningAgent agent = Agents.serving(new ScriptedModels(), "mode=annotate");
  private final OpenAIClient client =
      OpenAIOkHttpClient.builder()
          .baseUrl("http://127.0.0.1:" + agent.port() + "/v1")
          .apiKey("none")
          .maxRetries(0)
          .build();

  @AfterEach
  void stop() {
    client.close();
    agent.close();
  }

  @Test
  void chat_whole_isUnderstood() {
    ChatCompletion answer = client.chat().completions().create(ask("bad").build());
    assertThat(answer.choices().get(0).message().content()).contains(ScriptedModels.ANSWER_TEXT);
    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(5);
    answer.validate();
    Agents.awaitVerdicts(agent, 1);
  }

  @Test
  void chat_stream_isUnderstood() {
    StringBuilder text = new StringBuilder();
    ChatCompletionStreamOptions usage =
        ChatCompletionStreamOptions.builder().includeUsage(true).build();
    long tokens = 0;
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(ask("bad").streamOptions(usage).build())) {
      for (ChatCompletionChunk chunk : (Iterable<ChatCompletionChunk>) stream.stream()::iterator) {
        chunk.validate();
        chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
        tokens += chunk.usage().map(u -> u.completionTokens()).orElse(0L);
      }
    }
    assertThat(text).hasToString(ScriptedModels.ANSWER_TEXT);
    assertThat(tokens).isEqualTo(5);
    Agents.awaitVerdicts(agent, 1);
  }

  @Test
  void completionsAndModels_areUnderstood() {
    CompletionCreateParams params =
        CompletionCreateParams.builder().model("good").prompt("hi").maxTokens(2).build();
    assertThat(client.completions().create(params).choices().get(0).text()).isEqualTo("Hello, ");
    List<String> names = client.models().list().data().stream().map(model -> model.id()).toList();
    assertThat(names).containsExactly("good", "bad", "plain");
    Agents.awaitVerdicts(agent, 1);
  }

  @Test
  void errors_areTheClientsOwn() {
    assertThatThrownBy(() -> client.chat().completions().create(ask("nope").build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nope");
    assertThatThrownBy(() -> client.chat().completions().create(ask("good").n(2).build()))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.param()).contains("n"));
    Agents.awaitVerdicts(agent, 2);
  }

  private static ChatCompletionCreateParams.Builder ask(String model) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addSystemMessage("be kind")
        .addUserMessage("hi")
        .temperature(0.5)
        .seed(7);
  }
}
