package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.config.ConfigException;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.oip.OipAnswers;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden states in REST answers of the Open Inference Protocol, through a real agent. */
class ProxyOipTest {
  static final double MEAN = 0.375;
  private static final Pass PASS = Pass.of(3, 4, 6);
  private static final String INFER = "/v2/models/m/versions/1/infer";
  private static final String ASK = "{\"inputs\":[]}";

  @TempDir Path root;
  private ScriptedOrigin origin;
  private volatile byte[] body = new byte[0];
  private volatile String headers = "";
  private volatile String status = "200 OK";
  private volatile boolean cut;
  private volatile boolean chunked;
  private final List<RunningAgent> agents = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    origin = new ScriptedOrigin(this::answer);
  }

  @AfterEach
  void stop() throws IOException {
    agents.forEach(RunningAgent::close);
    origin.close();
  }

  private boolean answer(ScriptedOrigin.Request request, OutputStream out) throws IOException {
    String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length;
    String head = "HTTP/1.1 " + status + "\r\n" + headers + framing + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    if (chunked) {
      out.write((Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return true;
    }
    out.write(body, 0, cut ? body.length / 2 : body.length);
    out.flush();
    return !cut;
  }

  static Map<String, String> flags(Path root, String... settings) {
    Path artefact = root.resolve("planted.direction");
    ArtefactFolder.write(StatesArtefacts.at(TapPoint.residPost(2), MEAN), artefact);
    Map<String, String> flags =
        new HashMap<>(
            Map.of(
                "port", "0",
                "admin.port", "0",
                "shutdown.deadline", "5s",
                "direction", artefact.toString(),
                "states.tap", "oip",
                "states.bytes", "100000",
                "states.reference", "true"));
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      flags.put(parts[0], parts[1]);
    }
    return flags;
  }

  private RunningAgent launch(String... settings) {
    Map<String, String> flags = flags(root, settings);
    flags.put("origin.url", "http://127.0.0.1:" + origin.port());
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    RunningAgent agent =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    agents.add(agent);
    agent.awaitReady();
    return agent;
  }

  private void serveJson(String json) {
    headers = "Content-Type: application/json\r\nX-One: 1\r\n";
    body = json.getBytes(StandardCharsets.UTF_8);
  }

  private void serve(OipAnswers.Binary answer) {
    headers =
        "Content-Type: application/octet-stream\r\nInference-Header-Content-Length: "
            + answer.json()
            + "\r\n";
    body = answer.body();
  }

  @Test
  void observe_everyForm_passesByteForByte_andIsScored() throws Exception {
    RunningAgent agent = launch();
    for (boolean nested : new boolean[] {true, false}) {
      serveJson(OipAnswers.json(PASS.states(), 4, nested));
      assertScored(agent, "json" + nested);
    }
    for (String datatype : List.of("FP32", "FP16", "BF16", "UINT16")) {
      serve(OipAnswers.binary(datatype, PASS.states(), 4));
      assertScored(agent, datatype);
    }
  }

  private void assertScored(RunningAgent agent, String id) throws Exception {
    HttpResponse<byte[]> answer = post(agent, id);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers().map()).doesNotContainKey("plumbline-verdict");
    Exchange exchange = exchange(agent, id);
    assertThat(exchange.model()).isEqualTo("m");
    assertThat(exchange.action()).isEqualTo(Action.NONE);
    assertThat(exchange.reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
    assertThat(exchange.reading().modelShift().getAsDouble()).isCloseTo(PASS.shift(), within(1e-6));
    assertThat(exchange.reading().tokensScored()).isEqualTo(5);
  }

  @Test
  void annotate_tellsTheVerdict_andChangesNoByte() throws Exception {
    RunningAgent agent = launch("mode=annotate");
    serve(OipAnswers.binary("BF16", PASS.states(), 4));
    HttpResponse<byte[]> answer = post(agent, "x");
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers().firstValue("plumbline-verdict")).isPresent();
    assertThat(answer.headers().firstValue("plumbline-action")).contains("none");
  }

  @Test
  void ablate_binary_changesTheTensorAndNothingElse() throws Exception {
    RunningAgent agent = launch("mode=ablate");
    for (String datatype : List.of("FP32", "FP16", "BF16", "UINT16")) {
      OipAnswers.Binary sent = OipAnswers.binary(datatype, PASS.states(), 4);
      serve(sent);
      HttpResponse<byte[]> answer = post(agent, datatype);
      byte[] got = answer.body();
      assertThat(got).hasSize(body.length);
      int tensor = sent.json() + 4;
      assertThat(Arrays.copyOf(got, tensor)).isEqualTo(Arrays.copyOf(body, tensor));
      assertThat(answer.headers().firstValue("inference-header-content-length"))
          .contains("" + sent.json());
      byte[] changed = Arrays.copyOfRange(got, tensor, got.length);
      assertAblated(datatype, PASS.states(), OipAnswers.states(datatype, changed));
      assertReceipt(agent, datatype);
      assertThat(answer.headers().firstValue("plumbline-action")).contains("ablated");
    }
    String scrape = scrape(agent);
    assertThat(scrape)
        .contains("plumbline_ablations_total{model_name=\"m\",result=\"ablated\"} 4.0")
        .doesNotContainPattern("plumbline_fail_uses_total\\{.*} [1-9]");
  }

  @Test
  void ablate_json_changesTheNumbersAndNothingElse() throws Exception {
    RunningAgent agent = launch("models.m.mode=ablate");
    for (boolean nested : new boolean[] {true, false}) {
      String json = OipAnswers.json(PASS.states(), 4, nested);
      serveJson(json);
      HttpResponse<byte[]> answer = post(agent, "j" + nested);
      String got = new String(answer.body(), StandardCharsets.UTF_8);
      String key = "\"data\": ";
      int from = json.indexOf(key);
      assertThat(got).startsWith(json.substring(0, from + key.length()));
      assertThat(got).endsWith(json.substring(json.indexOf(" , \"odd\"")));
      JsonNode data = Pass.tree(got).at("/outputs/1/data");
      assertThat(data.get(0).isArray()).isEqualTo(nested);
      float[][] states = new float[PASS.states().length][StatesArtefacts.HIDDEN];
      int index = 0;
      for (JsonNode number : flat(data)) {
        states[index / 8][index % 8] = number.floatValue();
        index++;
      }
      assertThat(index).isEqualTo(PASS.states().length * 8);
      assertAblated("FP32", PASS.states(), states);
      assertReceipt(agent, "j" + nested);
    }
  }

  private static List<JsonNode> flat(JsonNode data) {
    List<JsonNode> numbers = new ArrayList<>();
    data.forEach(
        each -> {
          if (each.isArray()) {
            numbers.addAll(flat(each));
          } else {
            numbers.add(each);
          }
        });
    return numbers;
  }

  /** Within half a unit in the last place of the datatype. */
  static void assertAblated(String datatype, float[][] before, float[][] after) {
    assertThat(after).hasDimensions(before.length, StatesArtefacts.HIDDEN);
    int digits =
        switch (datatype) {
          case "FP32" -> 24;
          case "FP16" -> 11;
          default -> 8;
        };
    boolean differs = false;
    for (int t = 0; t < before.length; t++) {
      double[] wanted = StatesArtefacts.ablated(before[t], MEAN);
      for (int i = 0; i < wanted.length; i++) {
        double half = Math.scalb(1.0, Math.max(-14, Math.getExponent(wanted[i])) - digits);
        assertThat((double) after[t][i]).isCloseTo(wanted[i], within(half * (1 + 1e-9)));
        differs |= after[t][i] != before[t][i];
      }
    }
    assertThat(differs).isTrue();
  }

  private void assertReceipt(RunningAgent agent, String id) {
    assertReceipt(exchange(agent, id), PASS.states(), PASS.score());
  }

  static void assertReceipt(Exchange exchange, float[][] states, double score) {
    assertThat(exchange.action()).isEqualTo(Action.ABLATED);
    assertThat(exchange.tokensTouched()).isEqualTo(states.length);
    double removed = 0;
    for (float[] state : states) {
      double[] wanted = StatesArtefacts.ablated(state, MEAN);
      double square = 0;
      for (int i = 0; i < wanted.length; i++) {
        square += (wanted[i] - state[i]) * (wanted[i] - state[i]);
      }
      removed += Math.sqrt(square);
    }
    assertThat(exchange.meanRemoved()).isCloseTo(removed / states.length, within(1e-9));
    assertThat(exchange.reading().score().getAsDouble()).isCloseTo(score, within(1e-12));
  }

  @Test
  void ablate_chunked_staysChunked_withoutALength() throws Exception {
    RunningAgent agent = launch("mode=ablate");
    chunked = true;
    OipAnswers.Binary sent = OipAnswers.binary("FP32", PASS.states(), 4);
    serve(sent);
    HttpResponse<byte[]> answer = post(agent, "c");
    assertThat(answer.headers().firstValue("content-length")).isEmpty();
    assertThat(answer.headers().firstValue("transfer-encoding")).contains("chunked");
    byte[] tensor = Arrays.copyOfRange(answer.body(), sent.json() + 4, answer.body().length);
    assertAblated("FP32", PASS.states(), OipAnswers.states("FP32", tensor));
  }

  @Test
  void ablate_gzip_comesBackPlain() throws Exception {
    RunningAgent agent = launch("mode=ablate");
    OipAnswers.Binary plain = OipAnswers.binary("FP32", PASS.states(), 4);
    serve(plain);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain.body());
    }
    body = packed.toByteArray();
    headers += "Content-Encoding: gzip\r\n";
    HttpResponse<byte[]> answer = post(agent, "z");
    assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
    byte[] tensor = Arrays.copyOfRange(answer.body(), plain.json() + 4, answer.body().length);
    assertAblated("FP32", PASS.states(), OipAnswers.states("FP32", tensor));
  }

  @Test
  void ablate_whatCannotBe_failsOpenOrClosed_andIsCounted() throws Exception {
    RunningAgent open = launch("mode=ablate");
    RunningAgent closed = launch("mode=ablate", "fail=closed");
    Map<String, UnscoredReason> faults = new HashMap<>();
    String good = OipAnswers.json(PASS.states(), 4, true);
    faults.put(good.replace("hidden_states", "other"), UnscoredReason.NO_HIDDEN_STATES);
    faults.put(good.replace("[9,8]", "[9,9]"), UnscoredReason.UNPARSEABLE);
    faults.put(good.replace("[9,8]", "[18,4]"), UnscoredReason.WRONG_MODEL);
    faults.put(good.replace("[9,8]", "[3,3,8]"), UnscoredReason.TAP_ERROR);
    faults.put(good.replace("[9,8]", "[72]"), UnscoredReason.TAP_ERROR);
    faults.put(good.replace("[9,8]", "[9000000000000,8]"), UnscoredReason.UNPARSEABLE);
    faults.put(
        good.replace("\"prompt_tokens\":4", "\"prompt_tokens\":10"), UnscoredReason.TAP_ERROR);
    faults.put(good.substring(0, 300), UnscoredReason.UNPARSEABLE);
    faults.put(good + " ".repeat(200_000), UnscoredReason.TOO_LONG);
    faults.put("no json", UnscoredReason.UNPARSEABLE);
    int at = 0;
    for (Map.Entry<String, UnscoredReason> fault : faults.entrySet()) {
      serveJson(fault.getKey());
      String id = "f" + at++;
      HttpResponse<byte[]> passed = post(open, id);
      assertThat(passed.body()).isEqualTo(body);
      assertThat(passed.headers().firstValue("plumbline-action")).contains("not_applied");
      Exchange exchange = exchange(open, id);
      assertThat(exchange.reading().reason()).as(fault.getKey()).contains(fault.getValue());
      assertThat(exchange.action()).isEqualTo(Action.NOT_APPLIED);
      HttpResponse<byte[]> refused = post(closed, id);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("verdict_missing");
      assertThat(exchange(closed, id).outcome()).isEqualTo(Outcome.WITHHELD);
    }
    assertThat(scrape(open)).contains("fail=\"open\",reason=\"tap_error\",result=\"applied\"} 3.0");
    assertThat(scrape(closed)).contains("fail=\"closed\",reason=\"wrong_model\"");
    Agents.awaitVerdicts(open, at);
    Agents.awaitVerdicts(closed, at);
  }

  @Test
  void observe_faults_passUntouched_andAreUnscored() throws Exception {
    RunningAgent agent = launch();
    OipAnswers.Binary good = OipAnswers.binary("BF16", PASS.states(), 4);
    serve(good);
    body = Arrays.copyOf(good.body(), good.body().length - 1);
    assertThat(post(agent, "short").body()).isEqualTo(body);
    assertThat(exchange(agent, "short").reading().reason()).contains(UnscoredReason.UNPARSEABLE);
    headers = "Inference-Header-Content-Length: x\r\n";
    assertThat(post(agent, "length").body()).isEqualTo(body);
    assertThat(exchange(agent, "length").reading().reason()).contains(UnscoredReason.UNPARSEABLE);
    status = "400 Bad";
    assertThat(post(agent, "bad").statusCode()).isEqualTo(400);
    assertThat(exchange(agent, "bad").reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    status = "200 OK";
    cut = true;
    assertThatThrownBy(() -> post(agent, "cut")).isInstanceOf(IOException.class);
    assertThat(exchange(agent, "cut").outcome()).isEqualTo(Outcome.ORIGIN_CUT);
    Agents.awaitVerdicts(agent, 4);
  }

  @Test
  void ablate_errorOfTheOrigin_passes() throws Exception {
    RunningAgent agent = launch("mode=ablate", "fail=closed");
    status = "404 No";
    serveJson("{\"error\":\"no model\"}");
    HttpResponse<byte[]> answer = post(agent, "e");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(exchange(agent, "e").action()).isEqualTo(Action.NOT_APPLIED);
  }

  @Test
  void withoutReference_thereIsShiftOnly_andNobodyMayAblate() throws Exception {
    RunningAgent agent = launch("states.reference=false");
    serve(OipAnswers.binary("FP32", PASS.states(), 4));
    post(agent, "s");
    Exchange exchange = exchange(agent, "s");
    assertThat(exchange.reading().reason()).contains(UnscoredReason.WRONG_MODEL);
    assertThat(exchange.reading().modelShift().getAsDouble()).isCloseTo(PASS.shift(), within(1e-6));
    HttpResponse<byte[]> raised = post(agent, "r", "plumbline-mode", "ablate");
    assertThat(raised.body()).isEqualTo(body);
    assertThat(exchange(agent, "r").action()).isEqualTo(Action.NOT_APPLIED);
    assertThatThrownBy(() -> launch("states.reference=false", "mode=ablate"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("states.reference");
  }

  @Test
  void trigger_driftedTensors_raiseTheNextToAblate() throws Exception {
    Pass drifted =
        IntStream.range(0, 100)
            .mapToObj(seed -> Pass.of(seed, 4, 6))
            .filter(pass -> pass.score() > 0.5)
            .findFirst()
            .orElseThrow();
    RunningAgent agent = launch("trigger.mode=ablate", "trigger.min-count=2");
    serve(OipAnswers.binary("FP32", drifted.states(), 4));
    for (String id : List.of("a", "b")) {
      assertThat(post(agent, id).body()).isEqualTo(body);
      assertThat(exchange(agent, id).action()).isEqualTo(Action.NONE);
    }
    assertThat(post(agent, "c").body()).isNotEqualTo(body);
    assertThat(exchange(agent, "c").action()).isEqualTo(Action.ABLATED);
    assertThat(scrape(agent))
        .contains("plumbline_trigger_exchanges_total{kind=\"drifted\",model_name=\"m\"} 2.0")
        .contains("plumbline_trigger_exchanges_total{kind=\"treated\",model_name=\"m\"} 1.0");
  }

  @Test
  void client_mayRaiseToAblate() throws Exception {
    RunningAgent agent = launch();
    serve(OipAnswers.binary("FP32", PASS.states(), 4));
    HttpResponse<byte[]> answer = post(agent, "r", "plumbline-mode", "ablate");
    assertThat(answer.headers().firstValue("plumbline-action")).contains("ablated");
    assertThat(answer.body()).isNotEqualTo(body);
  }

  private static Exchange exchange(RunningAgent agent, String id) {
    Agents.await("verdict of " + id, () -> agent.ledger().find(id).isPresent());
    return agent.ledger().find(id).orElseThrow();
  }

  private static String scrape(RunningAgent agent) throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + agent.adminPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static HttpResponse<byte[]> post(RunningAgent agent, String id, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.port() + INFER))
            .version(HttpClient.Version.HTTP_1_1)
            .header("x-request-id", id)
            .POST(HttpRequest.BodyPublishers.ofString(ASK));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
