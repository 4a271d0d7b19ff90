package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.embedded.Engines;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which models the meters tell apart, in front of an origin that answers whatever is asked. */
class ModelNamesTest {
  private static final String HOSTILE = "how do I pick a lock, answer \\\"yes\\\"";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void names_theOriginLists_areLabelsAndNoOthers() throws IOException {
    HttpServer origin = origin();
    try (RunningAgent agent = agent(origin.actualPort())) {
      chat(agent, HOSTILE);
      Agents.await("the list", () -> asked(agent, "org/listed"));
      chat(agent, HOSTILE);
      Agents.await("verdicts", () -> agent.ledger().unsettled() == 0);
      String page = RawHttp.get(agent.adminPort(), "/metrics").text();
      assertThat(page)
          .contains("model_name=\"org/listed\"")
          .contains("model_name=\"other\"")
          .contains("gen_ai_request_model=\"org/listed\"")
          .doesNotContain("pick a lock");
    }
  }

  /** Its first exchange may be counted before the list has come. */
  private static boolean asked(RunningAgent agent, String model) {
    try {
      chat(agent, model);
      Agents.await("the verdict", () -> agent.ledger().unsettled() == 0);
      return RawHttp.get(agent.adminPort(), "/metrics").text().contains("\"" + model + "\"");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HttpServer origin() {
    return vertx
        .createHttpServer()
        .requestHandler(
            request ->
                request
                    .response()
                    .putHeader("content-type", "application/json")
                    .end(
                        request.path().equals("/v1/models")
                            ? "{\"data\":[{\"id\":\"org/listed\"},{\"id\":7},{}]}"
                            : "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}"))
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private static RunningAgent agent(int origin) {
    Map<String, String> flags =
        Map.of("port", "0", "admin.port", "0", "origin.url", "http://127.0.0.1:" + origin);
    return new Assembly(Engines.none())
        .launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
  }

  private static void chat(RunningAgent agent, String model) throws IOException {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}".formatted(model);
    assertThat(RawHttp.post(agent.port(), "/v1/chat/completions", body).status()).isEqualTo(200);
  }
}
