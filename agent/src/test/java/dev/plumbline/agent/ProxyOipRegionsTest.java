package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.agent.config.ConfigException;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.tap.oip.OipAnswers;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden states that a REST origin hands over in system shared memory, through a real agent. */
class ProxyOipRegionsTest {
  private static final Pass PASS = Pass.of(3, 4, 6);
  private static final String INFER = "/v2/models/m/infer";
  private static final String REGION = "/v2/systemsharedmemory/region/out%20put/";
  private static final int AT = 32;

  @TempDir Path root;
  private SharedStates memory;
  private ScriptedOrigin origin;
  private final List<RunningAgent> agents = new ArrayList<>();
  private volatile String datatype = "BF16";
  private volatile String parameters = "";
  private volatile String registered = "200 OK";
  private int asked;

  @BeforeEach
  void start() throws IOException {
    memory = new SharedStates();
    origin = new ScriptedOrigin(this::answer);
  }

  @AfterEach
  void stop() throws IOException {
    agents.forEach(RunningAgent::close);
    origin.close();
    memory.close();
  }

  /** As Triton answers: {@code {}} to what is registered, no data where a region was named. */
  private boolean answer(ScriptedOrigin.Request request, OutputStream out) throws IOException {
    boolean infers = request.line().contains("/infer");
    if (infers) {
      memory.put(AT, OipAnswers.numbers(datatype, PASS.states()));
    }
    byte[] body = (infers ? answer() : "{}").getBytes(StandardCharsets.UTF_8);
    String status = infers ? "200 OK" : registered;
    String head = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: ";
    out.write((head + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
    return true;
  }

  private String answer() {
    return """
        {"model_name":"m", "outputs":[
          {"name":"hidden_states", "datatype":"%s", "shape":[%d,8]%s}],
         "parameters":{"prompt_tokens":4}}"""
        .formatted(datatype, PASS.states().length, parameters);
  }

  private int size() {
    return OipAnswers.numbers(datatype, PASS.states()).length;
  }

  private RunningAgent launch(String... settings) {
    Map<String, String> flags = ProxyOipTest.flags(root, settings);
    flags.put("origin.url", "http://127.0.0.1:" + origin.port());
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    flags.putIfAbsent("states.shared-memory", "true");
    RunningAgent agent =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    agents.add(agent);
    agent.awaitReady();
    return agent;
  }

  private HttpResponse<byte[]> register(RunningAgent agent, String key) throws Exception {
    String body =
        "{\"key\":\"%s\",\"offset\":%d,\"byte_size\":%d}"
            .formatted(key, SharedStates.OFFSET, SharedStates.ROOM);
    return send(agent, REGION + "register", "r", body);
  }

  private HttpResponse<byte[]> infer(RunningAgent agent, String id, int room) throws Exception {
    String ask =
        """
        {"inputs":[],"outputs":[{"name":"logits"},{"name":"hidden_states","parameters":{
          "shared_memory_region":"out put","shared_memory_offset":%d,"shared_memory_byte_size":%d}}]}"""
            .formatted(AT, room);
    return send(agent, INFER, id, ask);
  }

  private static HttpResponse<byte[]> send(RunningAgent agent, String path, String id, String body)
      throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + agent.port() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .version(HttpClient.Version.HTTP_1_1)
            .header("x-request-id", id)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
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

  private static String event(String event, int times) {
    return "plumbline_oip_regions_total{event=\"" + event + "\"} " + times + ".0";
  }

  private void named() {
    parameters =
        """
        ,"parameters":{"shared_memory_region":"out put","shared_memory_offset":%d,
          "shared_memory_byte_size":%d}"""
            .formatted(AT, size());
  }

  @Test
  void observe_isScoredFromTheRegion_beforeItsClientMayUseItAgain() throws Exception {
    RunningAgent agent = launch();
    assertThat(register(agent, memory.key).body()).isEqualTo("{}".getBytes());
    for (String each : List.of("FP32", "FP16", "BF16", "UINT16")) {
      datatype = each;
      assertObserved(agent, each + "-asked");
      named();
      assertObserved(agent, each + "-told");
      parameters = "";
    }
    assertThat(scrape(agent)).contains(event("registered", 1)).contains(event("read", 8));
  }

  private void assertObserved(RunningAgent agent, String id) throws Exception {
    HttpResponse<byte[]> answer = infer(agent, id, SharedStates.ROOM - AT);
    byte[] states = memory.get(AT, size());
    memory.put(AT, new byte[size()]);
    assertThat(states).isEqualTo(OipAnswers.numbers(datatype, PASS.states()));
    assertThat(answer.body()).isEqualTo(answer().getBytes(StandardCharsets.UTF_8));
    assertThat(answer.headers().map()).doesNotContainKey("plumbline-verdict");
    Exchange exchange = exchange(agent, id);
    assertThat(exchange.reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
    assertThat(exchange.reading().tokensScored()).isEqualTo(5);
  }

  @Test
  void ablate_changesTheRegionBeforeTheAnswerGoes_andNothingElse() throws Exception {
    RunningAgent agent = launch("mode=ablate");
    register(agent, memory.key);
    for (String each : List.of("FP32", "FP16", "BF16", "UINT16")) {
      datatype = each;
      named();
      byte[] before = memory.all();
      HttpResponse<byte[]> answer = infer(agent, each, SharedStates.ROOM - AT);
      byte[] states = memory.get(AT, size());
      ProxyOipTest.assertAblated(each, PASS.states(), OipAnswers.states(each, states));
      memory.put(AT, new byte[SharedStates.ROOM - AT]);
      java.util.Arrays.fill(before, SharedStates.OFFSET + AT, before.length, (byte) 0);
      assertThat(memory.all()).isEqualTo(before);
      assertThat(answer.body()).isEqualTo(answer().getBytes(StandardCharsets.UTF_8));
      assertThat(answer.headers().firstValue("plumbline-action")).contains("ablated");
      ProxyOipTest.assertReceipt(exchange(agent, each), PASS.states(), PASS.score());
    }
    assertThat(scrape(agent)).contains(event("written", 4));
  }

  @Test
  void notPermitted_isUnscored_andNothingIsTouched() throws Exception {
    RunningAgent agent = launch("states.shared-memory=false", "mode=ablate");
    register(agent, memory.key);
    HttpResponse<byte[]> answer = infer(agent, "x", SharedStates.ROOM - AT);
    assertThat(answer.body()).isEqualTo(answer().getBytes(StandardCharsets.UTF_8));
    assertThat(answer.headers().firstValue("plumbline-action")).contains("not_applied");
    assertThat(memory.get(AT, size())).isEqualTo(OipAnswers.numbers(datatype, PASS.states()));
    assertUnscored(agent, "x");
    assertThat(scrape(agent))
        .contains(event("not_permitted", 1))
        .doesNotContain("event=\"registered\"");
  }

  @Test
  void ablate_whatCannotBeRead_failsByTheRule_andIsCounted() throws Exception {
    RunningAgent open = launch("mode=ablate");
    RunningAgent closed = launch("mode=ablate", "fail=closed");
    assertFails(open, closed, SharedStates.ROOM - AT);
    for (String key : List.of("../../etc/hostname", "/..", memory.key + "x", "")) {
      assertThat(register(open, key).statusCode()).isEqualTo(200);
      assertFails(open, closed, SharedStates.ROOM - AT);
    }
    registered = "400 Bad";
    assertThat(register(open, memory.key).statusCode()).isEqualTo(400);
    assertFails(open, closed, SharedStates.ROOM - AT);
    registered = "200 OK";
    register(open, memory.key);
    register(closed, memory.key);
    assertFails(open, closed, size() - 1);
    assertFails(open, closed, SharedStates.ROOM);
    send(open, REGION + "unregister", "u", "");
    send(closed, "/v2/systemsharedmemory/unregister", "u", "");
    assertFails(open, closed, SharedStates.ROOM - AT);
    assertThat(scrape(open))
        .contains(event("refused", 4))
        .contains(event("unregistered", 1))
        .contains(event("unreadable", asked - 1));
    Agents.awaitVerdicts(open, asked);
  }

  /** Room over the region's end is no matter where the tensor itself fits. */
  private void assertFails(RunningAgent open, RunningAgent closed, int room) throws Exception {
    String id = "f" + asked++;
    boolean fits = room == SharedStates.ROOM;
    HttpResponse<byte[]> passed = infer(open, id, room);
    assertThat(passed.body()).isEqualTo(answer().getBytes(StandardCharsets.UTF_8));
    assertThat(passed.headers().firstValue("plumbline-action"))
        .contains(fits ? "ablated" : "not_applied");
    HttpResponse<byte[]> refused = infer(closed, id, room);
    assertThat(refused.statusCode()).isEqualTo(fits ? 200 : 503);
    if (!fits) {
      assertUnscored(open, id);
    }
  }

  private void assertUnscored(RunningAgent agent, String id) {
    Exchange exchange = exchange(agent, id);
    assertThat(exchange.reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(exchange.action()).isEqualTo(Action.NOT_APPLIED);
  }

  @Test
  void answerWithoutAPlace_isUnscored() throws Exception {
    RunningAgent agent = launch();
    register(agent, memory.key);
    send(agent, INFER, "n", "{\"inputs\":[]}");
    assertThat(exchange(agent, "n").reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(scrape(agent)).contains(event("no_place", 1));
  }

  @Test
  void sharedMemory_withoutThatTap_isAMistake() {
    assertThatThrownBy(() -> launch("states.tap=off", "states.shared-memory=true"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("states.tap: oip");
  }
}
