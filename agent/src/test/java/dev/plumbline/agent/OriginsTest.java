package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several origins behind one agent: who gets what, and what becomes of one that is down. */
class OriginsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";

  private final AtomicBoolean sick = new AtomicBoolean();
  private ScriptedOrigin rest;
  private ScriptedOrigin big;
  private ScriptedOrigin twin;

  @BeforeEach
  void start() throws IOException {
    rest = origin("rest", "rest-1", "big-1");
    big = origin("big", "big-1", "stray");
    twin = origin("twin", "big-1", "big-2");
  }

  @AfterEach
  void stop() throws IOException {
    rest.close();
    big.close();
    twin.close();
  }

  @Test
  void requests_goByTheModelInBodyOrPath_andTheRestToTheDefault() throws IOException {
    try (RunningAgent agent = agent(big.port(), "origins.big.models=big-*,emb")) {
      assertThat(post(agent, CHAT, body("big-1"))).isEqualTo("big");
      assertThat(post(agent, CHAT, body("other"))).isEqualTo("rest");
      assertThat(post(agent, "/v2/models/big-7/generate", "{\"text_input\":\"x\"}"))
          .isEqualTo("big");
      assertThat(post(agent, "/v1/embeddings", "{\"input\":\"x\",\"model\":\"emb\"}"))
          .isEqualTo("big");
      assertThat(RawHttp.get(agent.port(), "/v1/models/big-1").text()).isEqualTo("big");
      assertThat(RawHttp.get(agent.port(), "/metrics").text()).isEqualTo("rest");
      assertThat(post(agent, "/generate", "{\"inputs\":\"x\"}")).isEqualTo("rest");
      assertThat(post(agent, CHAT, "{\"model\":")).isEqualTo("rest");
      assertThat(post(agent, CHAT, "{\"x\":\"" + "y".repeat(300_000) + "\",\"model\":\"big-1\"}"))
          .isEqualTo("rest");
      Agents.awaitVerdicts(agent, 6);
      assertThat(agent.ledger().latest(10))
          .extracting(Exchange::origin)
          .containsExactlyInAnyOrder("big", "big", "default", "default", "default", "default");
      assertThat(RawHttp.get(agent.adminPort(), "/api/exchanges").text())
          .contains("\"origin\":\"big\"");
      assertThat(metrics(agent))
          .contains("plumbline_routed_total{by=\"model\"} 3.0")
          .contains("plumbline_routed_total{by=\"path\"} 2.0")
          .contains("plumbline_routed_total{by=\"default\"} 1.0")
          .contains("plumbline_routed_total{by=\"unnamed\"} 1.0")
          .contains("plumbline_routed_total{by=\"unparseable\"} 1.0")
          .contains("plumbline_routed_total{by=\"too_long\"} 1.0")
          .contains("origin=\"big\"")
          .contains("plumbline_origin_in_flight{origin=\"big\"} 0.0");
    }
  }

  @Test
  void bodies_thatWereWaitedFor_arriveUnchanged() throws IOException {
    String early = "{\"model\":\"big-1\",\"x\":\"" + "ü".repeat(200_000) + "\"}";
    String late = "{\"x\":\"" + "ü".repeat(900) + "\",\"model\":\"big-1\"}";
    try (RunningAgent agent = agent(big.port(), "origins.big.models=big-*")) {
      assertThat(post(agent, CHAT, early)).isEqualTo("big");
      assertThat(post(agent, CHAT, late)).isEqualTo("big");
      try (RawHttp http = new RawHttp(agent.port())) {
        http.send("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        http.send("a\r\n{\"model\":\"\r\n7\r\nbig-1\"}\r\n0\r\n\r\n");
        assertThat(http.read(false).text()).isEqualTo("big");
      }
      assertThat(big.requests)
          .extracting(ScriptedOrigin.Request::text)
          .containsExactly(early, late, "{\"model\":\"big-1\"}");
    }
  }

  @Test
  void bodyThatNamesItsModelFirst_isNotWaitedForToItsEnd() throws IOException {
    String head = "{\"model\":\"big-1\",\"x\":\"";
    try (RunningAgent agent = agent(big.port(), "origins.big.models=big-*");
        RawHttp http = new RawHttp(agent.port())) {
      http.send("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + head);
      Agents.await("the origin has the request", () -> big.accepted.get() == 1);
      http.send("y".repeat(1000 - head.length() - 2) + "\"}");
      assertThat(http.read(false).text()).isEqualTo("big");
      assertThat(big.requests.get(0).body()).hasSize(1000);
    }
  }

  @Test
  void clientThatAsksBeforeItSends_isToldToGoOn() throws IOException {
    try (RunningAgent agent = agent(big.port(), "origins.big.models=big-*");
        RawHttp http = new RawHttp(agent.port())) {
      String body = body("big-1");
      http.send(
          ("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n")
              + ("Content-Length: " + body.length() + "\r\n\r\n"));
      assertThat(http.readUntil("\r\n\r\n")).contains("100");
      http.send(body);
      assertThat(http.read(false).text()).isEqualTo("big");
    }
  }

  @Test
  void clientThatLeavesBeforeItsModelIsKnown_hasAVerdict_andLeavesNothing() throws IOException {
    try (RunningAgent agent = agent(big.port(), "origins.big.models=big-*")) {
      try (RawHttp http = new RawHttp(agent.port())) {
        http.send("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{\"x\"");
        Agents.await("under way", () -> agent.ledger().unsettled() == 1);
      }
      Agents.awaitVerdicts(agent, 1);
      Exchange exchange = agent.ledger().latest(1).get(0);
      assertThat(exchange.outcome()).isEqualTo(Outcome.CLIENT_GONE);
      assertThat(exchange.origin()).isEmpty();
      assertThat(metrics(agent))
          .contains("plumbline_passages_open 0.0")
          .contains("origin=\"none\"");
    }
  }

  @Test
  void agentThatIsOff_stillFindsTheWay() throws IOException {
    try (RunningAgent agent = agent(big.port(), "origins.big.models=big-*")) {
      RawHttp.post(agent.adminPort(), "/api/off", "");
      assertThat(post(agent, CHAT, body("big-1"))).isEqualTo("big");
      Agents.awaitVerdicts(agent, 1);
      Exchange exchange = agent.ledger().latest(1).get(0);
      assertThat(exchange.origin()).isEqualTo("big");
      assertThat(exchange.model()).isEmpty();
    }
  }

  @Test
  void http2Client_isRoutedToo() throws Exception {
    try (RunningAgent agent = agent(big.port(), "origins.big.models=big-*")) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.port() + CHAT))
              .version(HttpClient.Version.HTTP_2)
              .POST(HttpRequest.BodyPublishers.ofString(body("big-1")))
              .build();
      HttpClient client = HttpClient.newHttpClient();
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("big");
      }
    }
  }

  @Test
  void oneOrigin_isNotWaitedFor() throws IOException {
    try (RunningAgent agent = Agents.passing(rest.port())) {
      assertThat(post(agent, CHAT, "{\"model\":")).isEqualTo("rest");
      assertThat(metrics(agent)).doesNotContain("plumbline_routed_total{");
      assertThat(RawHttp.get(agent.port(), "/v1/models").text()).contains("rest-1");
      assertThat(RawHttp.get(agent.adminPort(), "/api/origins").text())
          .contains("\"name\":\"default\"", "\"health\":\"healthy\"");
    }
  }

  @Test
  void models_areOneList_ofThoseThatWouldBeServed() throws IOException {
    try (RunningAgent agent =
        agent(
            big.port(),
            "origins.big.models=big-*",
            "origins.twin.url=http://127.0.0.1:" + twin.port(),
            "origins.twin.models=big-*",
            "origins.gone.url=http://127.0.0.1:" + free(),
            "origins.gone.models=gone")) {
      RawHttp.Response answer = RawHttp.get(agent.port(), "/v1/models");
      List<String> ids = new ArrayList<>();
      JSON.readTree(answer.body()).path("data").forEach(m -> ids.add(m.path("id").asText()));
      assertThat(ids).containsExactly("rest-1", "big-1", "big-2");
      assertThat(answer.header("plumbline-left-out")).contains("gone");
      assertThat(metrics(agent)).contains("plumbline_model_lists_total{result=\"partial\"} 1.0");
    }
  }

  @Test
  void models_askedWithABodyAndAVersion_areTheWholeListAllTheSame() throws IOException {
    try (RunningAgent agent = agent(big.port(), "origins.big.models=big-*");
        RawHttp http = new RawHttp(agent.port())) {
      http.send(
          "GET /v1/models HTTP/1.1\r\nHost: test\r\nIf-None-Match: \"1\"\r\n"
              + "Content-Length: 2\r\n\r\n{}");
      RawHttp.Response answer = http.read(false);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("plumbline-left-out")).isEmpty();
      assertThat(answer.text()).contains("big-1");
    }
  }

  @Test
  void replicaThatRefuses_itsRequestsAreTakenOver_andItIsUnhealthy() throws IOException {
    try (RunningAgent agent = twins(free())) {
      for (int i = 0; i < 12; i++) {
        assertThat(post(agent, CHAT, body("big-1"))).isEqualTo("big");
      }
      JsonNode gone = origin(agent, "twin");
      assertThat(gone.path("health").asText()).isEqualTo("unhealthy");
      assertThat(gone.path("last_error").asText()).contains("refused");
      assertThat(gone.path("in_flight").asInt()).isZero();
      assertThat(origin(agent, "big").path("health").asText()).isEqualTo("healthy");
      Agents.awaitVerdicts(agent, 12);
      assertThat(agent.ledger().latest(20)).extracting(Exchange::origin).containsOnly("big");
      String page = metrics(agent);
      assertThat(page)
          .contains("plumbline_origin_healthy{origin=\"twin\"} 0.0")
          .contains("plumbline_origin_turns_total{origin=\"twin\",to=\"unhealthy\"} 1.0")
          .contains("plumbline_origin_retries_total{origin=\"twin\",reason=\"unreachable\"}");
    }
  }

  @Test
  void replicaThatBreaksARequest_itIsNotSentAgain() throws IOException {
    try (ScriptedOrigin cutting =
            new ScriptedOrigin(
                (request, out) -> {
                  throw new ScriptedOrigin.Reset();
                });
        RunningAgent agent = twins(cutting.port())) {
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        statuses.add(RawHttp.post(agent.port(), CHAT, body("big-1")).status());
      }
      assertThat(statuses).contains(200, 502);
      assertThat(cutting.requests.size() + big.requests.size()).isEqualTo(6);
      assertThat(metrics(agent)).doesNotContain("plumbline_origin_retries_total{");
    }
  }

  @Test
  void replicaThatIsSick_restsAndComesBackByItself() throws IOException {
    try (RunningAgent agent = twins(twin.port())) {
      sick.set(true);
      Agents.await("unhealthy", () -> ask(agent, "twin").equals("unhealthy"));
      sick.set(false);
      Agents.await("healthy", () -> ask(agent, "twin").equals("healthy"));
    }
  }

  @Test
  void healthPath_findsOutWithoutTraffic() throws IOException {
    sick.set(true);
    try (RunningAgent agent =
        twins(twin.port(), "origin.health-path=/health", "origin.health-interval=250ms")) {
      Agents.await("unhealthy", () -> health(agent, "twin").equals("unhealthy"));
      for (int i = 0; i < 6; i++) {
        assertThat(post(agent, CHAT, body("big-1"))).isEqualTo("big");
      }
      sick.set(false);
      Agents.await("healthy", () -> health(agent, "twin").equals("healthy"));
      assertThat(twin.requests).allMatch(r -> r.line().startsWith("GET /health"));
    }
  }

  @Test
  void soleOrigin_unhealthy_isTriedAllTheSame() throws IOException {
    sick.set(true);
    try (RunningAgent agent = Agents.passing(twin.port())) {
      for (int i = 0; i < 5; i++) {
        assertThat(RawHttp.post(agent.port(), CHAT, body("m")).status()).isEqualTo(503);
      }
      assertThat(health(agent, "default")).isEqualTo("unhealthy");
      sick.set(false);
      assertThat(post(agent, CHAT, body("m"))).isEqualTo("twin");
      assertThat(post(agent, CHAT, body("m"))).isEqualTo("twin");
      assertThat(health(agent, "default")).isEqualTo("healthy");
    }
  }

  /** One request, and then what is known of an origin. */
  private static String ask(RunningAgent agent, String name) {
    try {
      RawHttp.post(agent.port(), CHAT, body("big-1"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return health(agent, name);
  }

  private static String health(RunningAgent agent, String name) {
    try {
      return origin(agent, name).path("health").asText();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode origin(RunningAgent agent, String name) throws IOException {
    JsonNode all = JSON.readTree(RawHttp.get(agent.adminPort(), "/api/origins").body());
    for (JsonNode each : all.path("origins")) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError(name + " in " + all);
  }

  private RunningAgent twins(int second, String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("origins.big.models=big-*");
    settings.add("origins.twin.url=http://127.0.0.1:" + second);
    settings.add("origins.twin.models=big-*");
    return agent(big.port(), settings.toArray(String[]::new));
  }

  private RunningAgent agent(int bigPort, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("origins.big.url=http://127.0.0.1:" + bigPort);
    all.add("limits.request-bytes=2000");
    return Agents.passing(rest.port(), all.toArray(String[]::new));
  }

  private static String post(RunningAgent agent, String path, String body) throws IOException {
    return RawHttp.post(agent.port(), path, body, "Content-Type: application/json").text();
  }

  private static String body(String model) {
    return "{\"messages\":[],\"model\":\"" + model + "\"}";
  }

  private static String metrics(RunningAgent agent) throws IOException {
    return RawHttp.get(agent.adminPort(), "/metrics").text();
  }

  /** A port that nobody listens on. */
  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Answers with its name, or with its models; the one that is a twin may be sick. */
  private ScriptedOrigin origin(String name, String... models) throws IOException {
    String data =
        java.util.Arrays.stream(models)
            .map(m -> "{\"id\":\"" + m + "\",\"object\":\"model\"}")
            .collect(java.util.stream.Collectors.joining(","));
    return new ScriptedOrigin(
        (request, out) -> {
          boolean list = request.line().startsWith("GET /v1/models HTTP");
          String body = list ? "{\"object\":\"list\",\"data\":[" + data + "]}" : name;
          boolean fails = name.equals("twin") && sick.get();
          String head =
              "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n"
                  .formatted(fails ? "503 Sick" : "200 OK", body.length());
          out.write((head + body).getBytes(StandardCharsets.UTF_8));
          out.flush();
          return true;
        });
  }
}
