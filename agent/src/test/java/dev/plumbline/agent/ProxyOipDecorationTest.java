package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.tap.oip.OipAnswers;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.core.score.UnscoredReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden states that the agent asks for where a REST client lists other outputs. */
class ProxyOipDecorationTest {
  private static final Pass PASS = Pass.of(3, 4, 6);
  private static final String MODEL = "/v2/models/m/versions/1";
  private static final String JSON_ASK =
      "{\"inputs\":[], \"outputs\" : [ {\"name\":\"logits\"} , {\"name\":\"text\"} ], \"x\":1}";
  private static final String BINARY_ASK =
      "{\"inputs\":[],\"outputs\":[{\"name\":\"logits\",\"parameters\":{\"binary_data\":true}}]}";

  @TempDir Path root;
  private ScriptedOrigin origin;
  private RunningAgent agent;
  private volatile boolean declares = true;
  private volatile boolean silent;
  private volatile boolean refuses;

  @BeforeEach
  void start() throws IOException {
    origin = new ScriptedOrigin(this::answer);
  }

  @AfterEach
  void stop() throws IOException {
    if (agent != null) {
      agent.close();
    }
    origin.close();
  }

  private boolean answer(ScriptedOrigin.Request request, OutputStream out) throws IOException {
    if (request.line().startsWith("GET " + MODEL + " ")) {
      if (!silent) {
        String outputs = declares ? ",{\"name\":\"hidden_states\"}" : "";
        send(out, "200 OK", "{\"name\":\"m\",\"outputs\":[{\"name\":\"logits\"}" + outputs + "]}");
      }
      return true;
    }
    boolean asked = request.text().contains("hidden_states");
    if (asked && refuses) {
      send(out, "400 Bad", "{\"error\":\"no output hidden_states\"}");
    } else if (request.text().contains("binary_data")) {
      binary(out, asked);
    } else {
      send(out, "200 OK", json(asked));
    }
    return true;
  }

  private static void send(OutputStream out, String status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head = "Content-Type: application/json\r\nContent-Length: " + body.length;
    out.write(("HTTP/1.1 " + status + "\r\n" + head + "\r\n\r\n").getBytes());
    out.write(body);
    out.flush();
  }

  private static String json(boolean asked) {
    String whole = OipAnswers.json(PASS.states(), 4, true);
    int from = whole.indexOf("{\"name\":\"hidden_states\"");
    return asked
        ? whole
        : whole.substring(0, from) + whole.substring(whole.indexOf("{\"name\":\"text"));
  }

  private static byte[] plainBinary() {
    String json =
        "{\"model_name\":\"m\",\"outputs\":[{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[1],"
            + "\"parameters\":{\"binary_data_size\":4}}]}";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static void binary(OutputStream out, boolean asked) throws IOException {
    byte[] hidden = OipAnswers.numbers("BF16", PASS.states());
    String json = new String(plainBinary(), StandardCharsets.UTF_8);
    if (asked) {
      String more =
          ",{\"name\":\"hidden_states\",\"datatype\":\"BF16\",\"shape\":[%d,8],"
                  .formatted(PASS.states().length)
              + "\"parameters\":{\"prompt_tokens\":4,\"binary_data_size\":%d}}]}"
                  .formatted(hidden.length);
      json = json.substring(0, json.length() - 2) + more;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(new byte[] {1, 2, 3, 4});
    if (asked) {
      body.writeBytes(hidden);
    }
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
            + "Inference-Header-Content-Length: "
            + json.length()
            + "\r\nContent-Length: "
            + body.size()
            + "\r\n\r\n";
    out.write(head.getBytes());
    out.write(body.toByteArray());
    out.flush();
  }

  private void launch(String... settings) {
    Map<String, String> flags = ProxyOipTest.flags(root, settings);
    flags.put("origin.url", "http://127.0.0.1:" + origin.port());
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    agent = Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    agent.awaitReady();
  }

  private HttpResponse<byte[]> post(String id, String ask, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.port() + MODEL + "/infer"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("x-request-id", id)
            .POST(HttpRequest.BodyPublishers.ofString(ask));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private Exchange exchange(String id) {
    Agents.await("verdict of " + id, () -> agent.ledger().find(id).isPresent());
    return agent.ledger().find(id).orElseThrow();
  }

  private String scrape() {
    try {
      URI metrics = URI.create("http://127.0.0.1:" + agent.adminPort() + "/metrics");
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean counted(String event) {
    return scrape().contains("plumbline_oip_decorations_total{event=\"" + event + "\"}");
  }

  /** The first request only makes the model a question. */
  private void known(String event) throws Exception {
    assertUndecorated("first");
    Agents.await("metadata " + event, () -> counted(event));
  }

  private void assertUndecorated(String id) throws Exception {
    HttpResponse<byte[]> answer = post(id, JSON_ASK);
    assertThat(answer.body()).isEqualTo(json(false).getBytes(StandardCharsets.UTF_8));
    assertThat(exchange(id).reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  private void assertScored(String id) {
    assertThat(exchange(id).reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
  }

  @Test
  void json_isScored_andItsClientSeesNothingOfIt() throws Exception {
    launch();
    known("declared");
    HttpResponse<byte[]> answer = post("j", JSON_ASK);
    JsonNode plain = Pass.tree(json(false));
    assertThat(Pass.tree(new String(answer.body(), StandardCharsets.UTF_8))).isEqualTo(plain);
    assertThat(answer.headers().map()).doesNotContainKey("plumbline-verdict");
    assertThat(answer.headers().firstValue("content-length")).contains("" + answer.body().length);
    assertScored("j");
    String sent = origin.requests.get(origin.requests.size() - 1).text();
    assertThat(Pass.tree(sent))
        .isEqualTo(
            Pass.tree(JSON_ASK.replace(" ], \"x\"", ",{\"name\":\"hidden_states\"}],\"x\"")));
    assertThat(counted("decorated") && counted("removed")).isTrue();
  }

  @Test
  void binary_isAskedForInBinary_andBothHeadersFit() throws Exception {
    launch("mode=annotate");
    known("declared");
    String length = "" + BINARY_ASK.length();
    HttpResponse<byte[]> answer = post("b", BINARY_ASK, "inference-header-content-length", length);
    byte[] plain = plainBinary();
    assertThat(answer.headers().firstValue("inference-header-content-length"))
        .contains("" + plain.length);
    ByteArrayOutputStream wanted = new ByteArrayOutputStream();
    wanted.writeBytes(plain);
    wanted.writeBytes(new byte[] {1, 2, 3, 4});
    assertThat(answer.body()).isEqualTo(wanted.toByteArray());
    assertThat(answer.headers().firstValue("plumbline-verdict")).isPresent();
    assertScored("b");
    ScriptedOrigin.Request sent = origin.requests.get(origin.requests.size() - 1);
    assertThat(sent.header("inference-header-content-length")).isEqualTo("" + sent.body().length);
    assertThat(Pass.tree(sent.text()).at("/outputs/1/parameters/binary_data").asBoolean()).isTrue();
  }

  @Test
  void ablate_ofWhatNobodySees_isNotApplied() throws Exception {
    launch("mode=ablate");
    known("declared");
    HttpResponse<byte[]> answer = post("a", JSON_ASK);
    assertThat(answer.headers().firstValue("plumbline-action")).contains("not_applied");
    assertThat(Pass.tree(new String(answer.body(), StandardCharsets.UTF_8)))
        .isEqualTo(Pass.tree(json(false)));
    assertScored("a");
  }

  @Test
  void request_thatListsNothingOrTheTensor_staysAsItIs() throws Exception {
    launch();
    known("declared");
    for (String ask : new String[] {"{\"inputs\":[],\"id\":\"hidden_states\"}", "no json"}) {
      post("n" + ask.length(), ask);
      assertThat(origin.requests.get(origin.requests.size() - 1).text()).isEqualTo(ask);
    }
    String own = JSON_ASK.replace("text", "hidden_states");
    assertThat(post("o", own).body()).isEqualTo(json(true).getBytes(StandardCharsets.UTF_8));
    assertThat(origin.requests.get(origin.requests.size() - 1).text()).isEqualTo(own);
    assertScored("o");
  }

  @Test
  void modelWithoutTheTensor_isAskedOnce_andNeverDecorated() throws Exception {
    declares = false;
    launch();
    known("not_declared");
    assertUndecorated("second");
    assertUndecorated("third");
    assertThat(origin.requests.stream().filter(each -> each.line().startsWith("GET "))).hasSize(1);
  }

  @Test
  void silentMetadata_delaysNothing_andIsGivenUp() throws Exception {
    silent = true;
    launch();
    known("not_answered");
    assertUndecorated("second");
  }

  @Test
  void modelThatLostTheTensor_isForgotten_afterOneError() throws Exception {
    launch();
    known("declared");
    refuses = true;
    declares = false;
    assertThat(post("e", JSON_ASK).statusCode()).isEqualTo(400);
    assertUndecorated("after");
    Agents.await("asked again", () -> counted("not_declared"));
    assertUndecorated("later");
  }
}
