package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.ablation.AblatedRequest;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.export.gguf.AblationLora;
import dev.plumbline.export.gguf.LoraPlan;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Before llama.cpp's own server, on SmolLM2 with an adapter that takes a random direction out of
 * every residual writer; its address is where the server says it listens.
 */
class LlamaServerTest {
  @TempDir private static Path folder;
  private static LlamaServer llama;
  private static Path lora;

  private Vertx vertx;
  private Asker asker;
  private AdapterCalls calls;

  @BeforeAll
  static void serve() throws IOException {
    Path model = LlamaServer.model();
    lora = folder.resolve("adapter.gguf");
    AblationLora.write(model, LoraPlan.writers(RandomDirection.unit(576, 7)), lora);
    llama = LlamaServer.start(folder, lora);
  }

  @AfterAll
  static void stopServing() {
    if (llama != null) {
      llama.close();
    }
  }

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    asker = new Asker(vertx);
    calls = new AdapterCalls(asker, llama.url(), Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() {
    if (vertx != null) {
      asker.close();
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private LlamaAdapters server(OptionalInt id) {
    return new LlamaAdapters(vertx, calls, id, 1, new SameFile(Optional.empty()));
  }

  @Test
  void adapterOfItsStart_isFoundByItsPath_andChangesTheAnswerOfARequestThatAsksForIt()
      throws Exception {
    Outcome.Ready ready =
        AdapterServerContract.ready(
            server(OptionalInt.empty()).load(new WantedAdapter("", lora.toString())));
    assertThat(ready.variant()).isInstanceOf(AblatedVariant.Lora.class);
    for (Route route : new Route[] {Route.CHAT_COMPLETIONS, Route.COMPLETIONS, Route.COMPLETION}) {
      String plain = body(route);
      byte[] ablated =
          AblatedRequest.of(ready.variant(), route, plain.getBytes(StandardCharsets.UTF_8))
              .orElseThrow()
              .body();
      String first = said(route, plain.getBytes(StandardCharsets.UTF_8));
      assertThat(said(route, ablated)).as(route.path()).isNotEqualTo(first);
      assertThat(said(route, plain.getBytes(StandardCharsets.UTF_8)))
          .as("without what it kept of the same prompt")
          .isEqualTo(first);
    }
  }

  @Test
  void unknownId_isRefusedHere_whereTheServerTakesItForNothing() throws Exception {
    Outcome.Refused refused =
        AdapterServerContract.refused(server(OptionalInt.of(99)).load(new WantedAdapter("", "")));
    assertThat(refused.why()).contains("id 99");
    byte[] plain = body(Route.CHAT_COMPLETIONS).getBytes(StandardCharsets.UTF_8);
    byte[] unknown =
        AblatedRequest.of(new AblatedVariant.Lora(99, 1), Route.CHAT_COMPLETIONS, plain)
            .orElseThrow()
            .body();
    assertThat(said(Route.CHAT_COMPLETIONS, unknown))
        .isEqualTo(said(Route.CHAT_COMPLETIONS, plain));
  }

  private static String body(Route route) {
    String prompt =
        route == Route.CHAT_COMPLETIONS
            ? "\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]"
            : "\"prompt\":\"Hello\"";
    return "{"
        + prompt
        + ",\"temperature\":0,\"max_tokens\":8,\"n_predict\":8,"
        + "\"cache_prompt\":false}";
  }

  private static String said(Route route, byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(llama.url().resolve(route.path()))
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(60))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    String answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    JsonNode json = FakeServer.JSON.readTree(answer);
    return json.at("/choices/0/message/content").asText("")
        + json.at("/choices/0/text").asText("")
        + json.path("content").asText("");
  }
}
