package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,CHAT_COMPLETIONS",
    "/v1/chat/completions/,CHAT_COMPLETIONS",
    "/openai/v1/chat/completions,CHAT_COMPLETIONS",
    "/chat/completions,CHAT_COMPLETIONS",
    "/v1/completions,COMPLETIONS",
    "/openai/v1/completions,COMPLETIONS",
    "/completions,COMPLETION",
    "/completion,COMPLETION",
    "/v1/responses,RESPONSES",
    "/v1/messages,MESSAGES",
    "/generate,GENERATE",
    "/generate_stream,GENERATE_STREAM",
    "/v2/models/a/generate,OIP_GENERATE",
    "/v2/models/a/versions/3/generate_stream,OIP_GENERATE_STREAM",
    "/v2/models/a/infer,OIP_INFER",
    "/v1/models/a,MODELS",
    "/openai/v1/models,MODELS",
    "/openai/v2,OTHER",
    "/v2/models/a,OTHER",
    "/v2/models/a/b/infer,OTHER",
    "/v1/messages/count_tokens,OTHER",
    "/v1/responses/resp_1,OTHER",
    "/v1/embeddings,OTHER",
    "/,OTHER"
  })
  void of_path_isWhatItMeansInPassing(String path, Route route) {
    assertThat(Route.of(path)).isEqualTo(route);
    assertThat(Route.of(null)).isEqualTo(Route.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/openai/v1/chat/completions",
        "/chat/completions",
        "/v1/responses",
        "/v1/messages",
        "/generate",
        "/generate_stream",
        "/completion",
        "/completions",
        "/v2/models/a/generate",
        "/v2/models/a/infer"
      })
  void served_understoodButNotServed_isOther(String path) {
    assertThat(Route.of(path).generates()).isTrue();
    assertThat(Route.served(path)).isEqualTo(Route.OTHER);
  }

  @Test
  void served_threeRoutes_areThemselves() {
    assertThat(Route.served("/v1/chat/completions/")).isEqualTo(Route.CHAT_COMPLETIONS);
    assertThat(Route.served("/v1/completions")).isEqualTo(Route.COMPLETIONS);
    assertThat(Route.served("/v1/models/org%2Fm")).isEqualTo(Route.MODELS);
  }

  @Test
  void modelIn_oipPath_isDecoded() {
    assertThat(Route.modelIn("/v2/models/my%20llm+1/versions/2/infer")).contains("my llm+1");
    assertThat(Route.modelIn("/v2/models/100%/generate")).contains("100%");
    assertThat(Route.modelIn("/v1/chat/completions")).isEmpty();
  }
}
