package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.config.ConfigLoader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@code plumbline-ablate}: the intervention of one request, by name, and of no other. */
class AblationPerRequestTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String[] NAMED = {
    "ablations.push=steer coefficient=-3 layers=1",
    "ablations.late=affine from-token=4",
    "ablations.strong=affine strength=1.5",
    "ablations.weak=affine strength=0.25"
  };

  /** What it does is what an agent does that is configured so; its receipt says so. */
  @Test
  void named_doesWhatItIsConfiguredToDoAndSaysIt() throws Exception {
    Receipt usual;
    try (RunningAgent push =
            launch("ablate.kind=steer", "ablate.coefficient=-3", "ablate.layers=1");
        RunningAgent agent = launch(NAMED)) {
      Receipt pushed = receipt(ask(agent, "push"));
      Receipt configured = receipt(ask(push, "", "ablate"));
      assertThat(pushed.name()).isEqualTo("push");
      assertThat(configured.name()).isEqualTo("configured");
      assertThat(pushed.tokens()).isEqualTo(configured.tokens());
      assertThat(pushed.removed()).isCloseTo(configured.removed(), within(1e-3));
      usual = receipt(ask(agent, "", "ablate"));
      Receipt late = receipt(ask(agent, "late"));
      assertThat(late.tokens()).isLessThan(usual.tokens());
      assertThat(pushed.tokens()).isLessThan(late.tokens());
      assertThat(receipt(ask(agent, "weak")).removed()).isLessThan(usual.removed());
      HttpResponse<String> bare = ask(agent, "", "annotate");
      assertThat(bare.headers().firstValue("plumbline-receipt")).isEmpty();
      assertThat(bare.headers().firstValue("plumbline-action")).contains("none");
    }
  }

  /** In one batch, each answer is what it is alone: also the one that nothing is done to. */
  @Test
  void named_inOneBatch_touchesNoOtherRequest() throws Exception {
    List<String> names = List.of("push", "", "late", "strong", "", "weak");
    try (RunningAgent agent = launch(NAMED)) {
      Map<String, HttpResponse<String>> alone = new HashMap<>();
      for (String name : names) {
        alone.put(name, ask(agent, name, "annotate"));
      }
      List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
      names.forEach(name -> asked.add(HTTP.sendAsync(request(agent, name, "annotate"), text())));
      for (int i = 0; i < names.size(); i++) {
        HttpResponse<String> together = asked.get(i).join();
        HttpResponse<String> before = alone.get(names.get(i));
        assertThat(said(together)).as(names.get(i)).isEqualTo(said(before));
        assertThat(together.headers().firstValue("plumbline-action"))
            .isEqualTo(before.headers().firstValue("plumbline-action"));
        if (!names.get(i).isEmpty()) {
          assertThat(receipt(together).name()).isEqualTo(names.get(i));
          assertThat(receipt(together).tokens()).isEqualTo(receipt(before).tokens());
          assertThat(receipt(together).removed())
              .isCloseTo(receipt(before).removed(), within(1e-3));
        }
      }
      assertThat(said(alone.get("push"))).isNotEqualTo(said(alone.get("")));
    }
  }

  @Test
  void named_thatWouldLower_isRefused() throws Exception {
    String[] demanding = with(NAMED, "models.finance.mode=ablate");
    try (RunningAgent agent = launch(demanding)) {
      for (String weaker : List.of("weak", "late", "push")) {
        refused(ask(agent, weaker), "at least as much");
        refused(ask(agent, weaker, "ablate"), "at least as much");
      }
      assertThat(receipt(ask(agent, "strong")).name()).isEqualTo("strong");
    }
  }

  @Test
  void named_whereThereIsNoSuchThing_isRefused() throws Exception {
    try (RunningAgent agent = launch(with(NAMED, "client-modes=false"))) {
      refused(ask(agent, "nobody"), "[late, push, strong, weak]");
      refused(ask(agent, "strong"), "client-modes");
    }
    try (ScriptedOrigin origin = ScriptedOrigin.sending("HTTP/1.1 200 OK\r\n\r\n");
        RunningAgent front = Agents.passing(origin.port())) {
      refused(ask(front, "strong"), "serves its model itself");
      assertThat(origin.requests).isEmpty();
    }
  }

  private static void refused(HttpResponse<String> reply, String why) throws Exception {
    assertThat(reply.statusCode()).isEqualTo(400);
    JsonNode error = JSON.readTree(reply.body()).path("error");
    assertThat(error.path("message").asText()).contains(why);
    assertThat(error.path("param").asText()).isEqualTo("plumbline-ablate");
  }

  /** The header's word. */
  private record Receipt(String name, long tokens, double removed) {}

  private static Receipt receipt(HttpResponse<String> reply) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers().firstValue("plumbline-action")).contains("ablated");
    String[] parts = reply.headers().firstValue("plumbline-receipt").orElseThrow().split("[;=]");
    return new Receipt(parts[0], Long.parseLong(parts[2]), Double.parseDouble(parts[4]));
  }

  private static String said(HttpResponse<String> reply) throws Exception {
    return JSON.readTree(reply.body()).at("/choices/0/message/content").asText();
  }

  private static HttpResponse<String> ask(RunningAgent agent, String name) throws Exception {
    return ask(agent, name, "observe");
  }

  private static HttpResponse<String> ask(RunningAgent agent, String name, String mode)
      throws Exception {
    return HTTP.send(request(agent, name, mode), text());
  }

  private static HttpResponse.BodyHandler<String> text() {
    return BodyHandlers.ofString();
  }

  private static HttpRequest request(RunningAgent agent, String name, String mode) {
    String body =
        "{\"model\":\"finance\",\"temperature\":0,\"max_tokens\":40,\"messages\":[{\"role\":\"user\",\"content\":\"what about soup\"}]}";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + agent.port() + "/v1/chat/completions"))
            .header("content-type", "application/json")
            .header("plumbline-mode", mode)
            .POST(BodyPublishers.ofString(body));
    return name.isEmpty() ? request.build() : request.header("plumbline-ablate", name).build();
  }

  private static String[] with(String[] settings, String more) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add(more);
    return all.toArray(String[]::new);
  }

  private static RunningAgent launch(String... settings) {
    Map<String, String> flags = new HashMap<>();
    flags.putAll(Map.of("organism", "true", "port", "0", "admin.port", "0"));
    flags.put("shutdown.deadline", "5s");
    flags.put("scoring.batch-delay", "5ms");
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      flags.put(parts[0], parts[1]);
    }
    RunningAgent agent =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    agent.awaitReady();
    return agent;
  }
}
