package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.agent.wire.oip.InferRequest;
import dev.plumbline.agent.wire.oip.InferResponse;
import dev.plumbline.agent.wire.oip.Parameters;
import dev.plumbline.agent.wire.oip.RestBody;
import dev.plumbline.agent.wire.oip.RestReader;
import dev.plumbline.agent.wire.oip.RestWriter;
import dev.plumbline.agent.wire.oip.Shape;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol's port over REST: an agent that has a direction and nothing else. */
class OipServerTest {
  private static final Pass PASS = Pass.of(3, 1, 6);
  private static final String INFER = "/v2/models/plumbline/infer";

  @TempDir Path root;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private RunningAgent agent;

  @BeforeEach
  void start() throws IOException {
    Path artefact = root.resolve("planted.direction");
    ArtefactFolder.write(StatesArtefacts.at(TapPoint.residPost(2)), artefact);
    agent = launch("direction=" + artefact, "limits.request-bytes=4000", "oip.queue=1");
  }

  static RunningAgent launch(String... settings) {
    Map<String, String> flags =
        new HashMap<>(Map.of("admin.port", "0", "oip.port", "0", "shutdown.deadline", "5s"));
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      flags.put(parts[0], parts[1]);
    }
    RunningAgent launched =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    launched.awaitReady();
    return launched;
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void infer_inBinaryAndInJson_isScoredAndInTheLedger() throws Exception {
    for (boolean binary : new boolean[] {true, false}) {
      String id = "b-" + binary;
      HttpResponse<byte[]> answer = infer(ask(id, Map.of()), binary);
      assertThat(answer.statusCode()).isEqualTo(200);
      InferResponse found = response(answer);
      assertThat(found.id()).isEqualTo(id);
      assertThat(found.output("projection").orElseThrow().shape()).isEqualTo(Shape.of(5));
      Exchange exchange = settled(id);
      assertThat(exchange.reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
      assertThat(exchange.reading().modelShift().getAsDouble())
          .isCloseTo(PASS.shift(), within(1e-6));
      assertThat(exchange.outcome()).isEqualTo(Outcome.COMPLETED);
      assertThat(exchange.model()).isEqualTo("plumbline");
    }
    assertThat(page()).contains("plumbline_tokens_scored_total{model_name=\"plumbline\"} 10.0");
  }

  @Test
  void infer_ablating_givesStatesWithoutTheDirection_andTheReceipt() throws Exception {
    InferResponse found = response(infer(ask("a", Map.of("mode", "ablate")), true));
    Tensor ablated = found.output("hidden_states").orElseThrow();
    assertThat(ablated.datatype()).isEqualTo(Datatype.BF16);
    assertThat(ablated.parameters().whole("tokens_touched")).hasValue(5);
    assertThat(settled("a").action()).isEqualTo(Action.ABLATED);
    InferRequest again =
        new InferRequest("", "", "b", Parameters.NONE, List.of(fp32(ablated)), List.of());
    Tensor left = response(infer(again, true)).output("projection").orElseThrow();
    ByteBuffer projections = left.elements().orElseThrow();
    for (int t = 0; t < 5; t++) {
      // Eight numbers below 8, each rounded to eight bits: less than 8 · 2^-7 altogether.
      assertThat(projections.getFloat(4 * t)).isCloseTo(0, within(0.0625f));
    }
    assertThat(settled("b").action()).isEqualTo(Action.NONE);
  }

  @Test
  void infer_raw_isTheInputInFp32() throws Exception {
    ByteBuffer states = fp32(states()).elements().orElseThrow();
    byte[] body = new byte[states.remaining()];
    states.get(body);
    HttpResponse<byte[]> answer =
        post(
            INFER,
            BodyPublishers.ofByteArray(body),
            "Inference-Header-Content-Length",
            "0",
            "X-Request-Id",
            "raw");
    assertThat(answer.headers().firstValue("content-type")).contains("application/octet-stream");
    assertThat(response(answer).outputs()).extracting(Tensor::name).contains("score", "verdict");
    assertThat(settled("raw").reading().score().getAsDouble())
        .isCloseTo(PASS.score(), within(1e-12));
  }

  @Test
  void infer_thatIsRefused_hasAVerdictToo() throws Exception {
    assertThat(error(post(INFER, BodyPublishers.ofString("{"), "X-Request-Id", "bad"), 400))
        .contains("JSON");
    assertThat(settled("bad").reading().reason()).contains(UnscoredReason.UNPARSEABLE);
    assertThat(settled("bad").outcome()).isEqualTo(Outcome.REJECTED);

    assertThat(error(infer(ask("layer", Map.of("layer", 1L)), true), 400))
        .contains("wanted one of [resid_post.2]");
    assertThat(settled("layer").reading().reason()).contains(UnscoredReason.UNPARSEABLE);

    byte[] large = new byte[5000];
    assertThat(error(post(INFER, BodyPublishers.ofByteArray(large), "X-Request-Id", "large"), 413))
        .contains("limits.request-bytes");
    assertThat(settled("large").reading().reason()).contains(UnscoredReason.TOO_LONG);

    assertThat(
            error(
                post(
                    INFER,
                    BodyPublishers.ofString("x"),
                    "Content-Encoding",
                    "gzip",
                    "X-Request-Id",
                    "zip"),
                501))
        .contains("content-encoding");
    assertThat(settled("zip").reading().reason()).contains(UnscoredReason.UNPARSEABLE);
    assertThat(stats().at("/model_stats/0/inference_stats/fail/count").asInt()).isEqualTo(4);
    assertThat(infer(ask("after", Map.of()), true).statusCode()).isEqualTo(200);
  }

  @Test
  void infer_overTheBound_isTurnedAwayAndCounted_andAClientThatLeavesFreesItsPlace()
      throws Exception {
    try (RawHttp slow = new RawHttp(agent.port())) {
      slow.send(
          "POST "
              + INFER
              + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: slow\r\nContent-Length: 9\r\n\r\n{");
      Agents.await(
          "the place is taken", () -> page().contains("plumbline_queue_depth{queue=\"oip\"} 1.0"));
      assertThat(error(post(INFER, BodyPublishers.ofString("{}"), "X-Request-Id", "full"), 503))
          .contains("oip.queue");
      assertThat(settled("full").reading().reason()).contains(UnscoredReason.QUEUE_FULL);
    }
    assertThat(settled("slow").outcome()).isEqualTo(Outcome.CLIENT_GONE);
    assertThat(infer(ask("free", Map.of()), true).statusCode()).isEqualTo(200);
    assertThat(page()).contains("plumbline_drops_total{reason=\"queue_full\"} 1.0");
    settled("free");
    assertThat(agent.ledger().latest(10)).hasSize(3);
  }

  @Test
  void infer_overHttp2_isAnsweredAndRefusedAsOverHttp1() throws Exception {
    HttpClient two = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    assertThat(
            two.send(
                    HttpRequest.newBuilder(uri("/v2/health/live")).build(),
                    HttpResponse.BodyHandlers.ofString())
                .version())
        .isEqualTo(HttpClient.Version.HTTP_2);
    HttpResponse<byte[]> large =
        two.send(
            HttpRequest.newBuilder(uri(INFER))
                .POST(BodyPublishers.ofByteArray(new byte[5000]))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(large.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(error(large, 413)).contains("limits.request-bytes");
    RestBody body = RestWriter.request(ask("two", Map.of()), tensor -> false);
    HttpResponse<byte[]> answer =
        two.send(
            HttpRequest.newBuilder(uri(INFER))
                .POST(BodyPublishers.ofByteArray(body.toBytes()))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response(answer).output("score")).isPresent();
  }

  @Test
  void infer_bodyThatDoesNotComeInTime_isGivenUpAndItsPlaceIsFree() throws Exception {
    String artefact = root.resolve("planted.direction").toString();
    try (RunningAgent hasty = launch("direction=" + artefact, "scoring.deadline=200ms");
        RawHttp slow = new RawHttp(hasty.port())) {
      slow.send(
          "POST "
              + INFER
              + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: slow\r\nContent-Length: 9\r\n\r\n{");
      assertThat(slow.readUntil("scoring.deadline")).contains("400");
      Agents.await("verdict", () -> hasty.ledger().find("slow").isPresent());
      assertThat(hasty.ledger().find("slow").orElseThrow().reading().reason())
          .contains(UnscoredReason.DEADLINE_PASSED);
    }
  }

  @Test
  void port_besideAnOriginOrAModel_isOneOfItsOwn() throws Exception {
    String artefact = "direction=" + root.resolve("planted.direction");
    try (RunningAgent beside = launch(artefact, "port=0", "origin.url=http://127.0.0.1:1")) {
      assertThat(beside.oipPort().orElseThrow()).isNotEqualTo(beside.port());
      assertThat(RawHttp.get(beside.oipPort().orElseThrow(), "/v2/health/ready").status())
          .isEqualTo(200);
      assertThat(RawHttp.get(beside.port(), "/v2/health/ready").status()).isEqualTo(502);
    }
    try (RunningAgent beside = launch("organism=true", "port=0")) {
      assertThat(RawHttp.get(beside.oipPort().orElseThrow(), "/v2/models/plumbline").text())
          .contains("hidden_states");
      assertThat(RawHttp.get(beside.port(), "/v1/models").text()).contains("aligned");
    }
  }

  @Test
  void routes_aboutTheServer_answerAsTheProtocolSays() throws Exception {
    assertThat(get("/v2/health/live").path("live").asBoolean()).isTrue();
    assertThat(get("/v2/health/ready").path("ready").asBoolean()).isTrue();
    assertThat(get("/v2/models/plumbline/versions/1/ready").path("ready").asBoolean()).isTrue();
    assertThat(get("/v2").path("extensions").toString()).contains("binary_tensor_data");
    JsonNode model = get("/v2/models/plumbline");
    assertThat(model.at("/inputs/0/name").asText()).isEqualTo("hidden_states");
    assertThat(model.at("/inputs/0/shape").toString()).isEqualTo("[-1,8]");
    assertThat(get("/v2/models/plumbline/config").path("input")).hasSize(1);
    infer(ask("one", Map.of()), true);
    settled("one");
    JsonNode stats = stats().at("/model_stats/0");
    assertThat(stats.path("inference_count").asInt()).isEqualTo(1);
    assertThat(stats.path("execution_count").asInt()).isEqualTo(1);
    assertThat(stats.at("/inference_stats/compute_infer/ns").asLong()).isPositive();
    assertThat(stats.path("last_inference").asLong()).isPositive();
  }

  @Test
  void grpc_callThatAsksNothing_isToldSo() throws Exception {
    io.grpc.ManagedChannel client = RawGrpc.connect(agent.port());
    try {
      java.util.concurrent.CompletableFuture<io.grpc.Status> end =
          new java.util.concurrent.CompletableFuture<>();
      var call = client.newCall(RawGrpc.LIVE, RawGrpc.patient());
      call.start(
          new io.grpc.ClientCall.Listener<>() {
            @Override
            public void onClose(io.grpc.Status status, io.grpc.Metadata trailers) {
              end.complete(status);
            }
          },
          new io.grpc.Metadata());
      call.halfClose();
      assertThat(end.get(30, java.util.concurrent.TimeUnit.SECONDS).getCode())
          .isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    } finally {
      client.shutdownNow();
    }
  }

  @Test
  void routes_thatAreNotOffered_sayWhich() throws Exception {
    assertThat(error(send("GET", "/v2/cudasharedmemory/status"), 501)).contains("CUDA");
    assertThat(error(send("POST", "/v2/repository/index"), 501)).contains("repository");
    assertThat(error(send("GET", "/v2/systemsharedmemory/status"), 501))
        .contains("oip.shared-memory");
    assertThat(error(send("GET", "/v2/models/other"), 404)).contains("plumbline");
    assertThat(error(send("POST", "/v2/models/other/infer"), 404)).contains("plumbline");
    assertThat(error(send("GET", "/v2/models/plumbline/versions/2"), 404)).contains("version 1");
    assertThat(error(send("GET", INFER), 405)).contains("POST");
    assertThat(error(send("GET", "/v1/models"), 404)).contains("/v2");
    assertThat(agent.ledger().latest(10)).isEmpty();
  }

  private static Tensor states() {
    float[][] rows = PASS.answerStates();
    ByteBuffer bytes = ByteBuffer.allocate(rows.length * 16).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      }
    }
    return Tensor.of("hidden_states", Datatype.BF16, Shape.of(rows.length, 8), bytes.flip());
  }

  private static Tensor fp32(Tensor brain) {
    ByteBuffer from = brain.elements().orElseThrow();
    ByteBuffer to = ByteBuffer.allocate(2 * from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      to.putInt(from.getShort() << 16);
    }
    return Tensor.of("hidden_states", Datatype.FP32, brain.shape(), to.flip());
  }

  private static InferRequest ask(String id, Map<String, Object> parameters) {
    Map<String, Object> all = new HashMap<>(parameters);
    return new InferRequest("", "", id, new Parameters(all), List.of(states()), List.of());
  }

  private HttpResponse<byte[]> infer(InferRequest asked, boolean binary) throws Exception {
    InferRequest request =
        new InferRequest(
            "",
            "",
            asked.id(),
            asked.parameters().with("binary_data_output", binary),
            asked.inputs(),
            List.of());
    RestBody body = RestWriter.request(request, tensor -> binary);
    return body.headerLength().isPresent()
        ? post(
            INFER,
            BodyPublishers.ofByteArray(body.toBytes()),
            RestBody.HEADER_LENGTH,
            String.valueOf(body.json().length))
        : post(INFER, BodyPublishers.ofByteArray(body.toBytes()));
  }

  private static InferResponse response(HttpResponse<byte[]> answer) {
    var header = answer.headers().firstValueAsLong(RestBody.HEADER_LENGTH);
    return RestReader.response(answer.body(), header.isPresent() ? header : OptionalLong.empty());
  }

  private static String error(HttpResponse<byte[]> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    return Pass.tree(new String(answer.body())).path("error").asText();
  }

  private Exchange settled(String id) {
    Agents.await("verdict of " + id, () -> agent.ledger().find(id).isPresent());
    return agent.ledger().find(id).orElseThrow();
  }

  private JsonNode stats() throws Exception {
    return get("/v2/models/plumbline/stats");
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<byte[]> answer = send("GET", path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return Pass.tree(new String(answer.body()));
  }

  private HttpResponse<byte[]> send(String method, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> post(String path, BodyPublisher body, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).POST(body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + agent.port() + path);
  }

  private String page() {
    try {
      return RawHttp.get(agent.adminPort(), "/metrics").text();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
