package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.sglang.SglangTapContractTest;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.vllm.VllmOrigin;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tap on the origin's own states, through a real agent: vLLM's files. */
class ProxyStatesTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final Pass PASS = Pass.of(1, 4, 6);

  @TempDir Path root;
  private final AtomicBoolean left = new AtomicBoolean();
  private Path directory;
  private ScriptedOrigin origin;
  private RunningAgent agent;

  @BeforeEach
  void start() throws IOException {
    origin = new ScriptedOrigin(this::answer);
    directory = Files.createDirectory(root.resolve("states"));
    Path artefact = root.resolve("planted.direction");
    ArtefactFolder.write(StatesArtefacts.at(TapPoint.residPost(2)), artefact);
    agent = launch(artefact, "vllm-files", "states.directory", directory.toString());
    agent.awaitReady();
  }

  private RunningAgent launch(Path artefact, String tap, String... more) {
    Map<String, String> flags =
        new HashMap<>(
            Map.of(
                "port", "0",
                "admin.port", "0",
                "shutdown.deadline", "5s",
                "limits.observed-bytes", "100000",
                "direction", artefact.toString(),
                "states.tap", tap,
                "states.reference", "true",
                "states.patience", "3s",
                "origin.url", "http://127.0.0.1:" + origin.port()));
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    for (int i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
    AgentConfig config = ConfigLoader.load(Optional.empty(), Map.of(), flags);
    return Assembly.standard().launch(config);
  }

  @AfterEach
  void stop() throws IOException {
    agent.close();
    origin.close();
  }

  @Test
  void generate_ofSglang_wholeAndStreamed_isScoredAndStripped() throws Exception {
    Path artefact = root.resolve("final.direction");
    ArtefactFolder.write(StatesArtefacts.at(TapPoint.FINAL_NORM), artefact);
    try (RunningAgent sglang = launch(artefact, "sglang")) {
      sglang.awaitReady();
      for (boolean stream : new boolean[] {false, true}) {
        String id = "g" + stream;
        String body = "{\"text\":\"a\",\"stream\":" + stream + "}";
        HttpResponse<String> answer = post(sglang, "/generate", body, id);
        assertThat(answer.body()).isEqualTo(SglangTapContractTest.body(PASS, stream, false));
        Agents.await("verdict", () -> sglang.ledger().find(id).isPresent());
        assertThat(sglang.ledger().find(id).orElseThrow().reading().score().getAsDouble())
            .isCloseTo(PASS.score(), within(1e-12));
      }
    }
  }

  @Test
  void launch_artefactOfAnotherSite_doesNotFit() {
    Path artefact = root.resolve("planted.direction");
    try (RunningAgent other = launch(artefact, "sglang")) {
      assertThatThrownBy(other::awaitReady)
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("final_norm");
    }
  }

  /** Writes a file for every request but those that name another model. */
  private boolean answer(ScriptedOrigin.Request request, java.io.OutputStream out)
      throws IOException {
    boolean coded = !request.header("content-encoding").isEmpty();
    ObjectNode body = Pass.json(coded ? "{\"model\":\"coded\"}" : request.text());
    boolean write = body.path("model").asText().equals("m");
    boolean fails = body.path("model").asText().equals("broken");
    boolean sglang = request.line().contains("/generate");
    boolean streams = body.path("stream").asBoolean();
    String answer =
        sglang
            ? SglangTapContractTest.body(
                PASS, streams, body.path("return_hidden_states").asBoolean())
            : VllmOrigin.answer(body, request.header("x-request-id"), PASS, directory, write);
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    String type = body.path("stream").asBoolean() ? "text/event-stream" : "application/json";
    String head =
        "HTTP/1.1 "
            + (fails ? "500 No" : "200 OK")
            + "\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(bytes, 0, bytes.length / 2);
    out.flush();
    if (body.path("model").asText().equals("slow")) {
      // The server notices that its client left, and finishes the request with a file.
      Agents.await("the client has left", left::get);
      VllmOrigin.answer(body, request.header("x-request-id"), PASS, directory, true);
      return false;
    }
    out.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
    out.flush();
    return true;
  }

  @Test
  void chat_wholeAndStreamed_isScoredAndStripped_andTheFileIsGone() throws Exception {
    for (boolean stream : new boolean[] {false, true}) {
      String id = stream ? "one" : "two";
      HttpResponse<String> answer = post(CHAT, ask("m", stream, ""), id);
      assertThat(answer.body()).isEqualTo(plain(stream, id));
      Agents.await("verdict", () -> agent.ledger().find(id).isPresent());
      Exchange exchange = agent.ledger().find(id).orElseThrow();
      assertThat(exchange.reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
      assertThat(exchange.reading().modelShift().getAsDouble())
          .isCloseTo(PASS.shift(), within(1e-6));
      assertThat(files()).isZero();
    }
    assertThat(origin.requests).allSatisfy(r -> assertThat(r.text()).contains("include_output"));
  }

  @Test
  void chat_annotated_tellsTheVerdictOfTheStates() throws Exception {
    HttpResponse<String> answer =
        post(CHAT, ask("m", false, ""), "x", "plumbline-mode", "annotate");
    assertThat(answer.headers().firstValue("plumbline-verdict"))
        .hasValueSatisfying(v -> assertThat(v).isIn("aligned", "drifted"));
    assertThat(answer.body()).isEqualTo(plain(false, "x"));
  }

  @Test
  void chat_whileRecording_isScoredAllTheSameAndRecordedWithItsText() throws Exception {
    agent.close();
    Path file = root.resolve("record.jsonl");
    agent =
        launch(
            root.resolve("planted.direction"),
            "vllm-files",
            "states.directory",
            directory.toString(),
            "record.file",
            file.toString(),
            "record.text",
            "true");
    agent.awaitReady();
    for (boolean stream : new boolean[] {false, true}) {
      String id = "kept" + stream;
      post(CHAT, ask("m", stream, "what about it"), id);
      Agents.await("verdict", () -> agent.ledger().find(id).isPresent());
      assertThat(agent.ledger().find(id).orElseThrow().reading().score().getAsDouble())
          .isCloseTo(PASS.score(), within(1e-12));
    }
    post(CHAT, "{\"model\":\"other\",\"prompt_embeds\":\"x\"}", "not understood");
    post(CHAT, ask("other", false, "x".repeat(200_000)), "too long");
    Agents.awaitVerdicts(agent, 4);
    agent.close();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(Pass.json(line).path("score").asDouble())
                  .isCloseTo(PASS.score(), within(1e-12));
              assertThat(Pass.json(line).at("/messages/0/content").asText())
                  .isEqualTo("what about it");
              assertThat(Pass.json(line).at("/answers/0").asText()).isNotEmpty();
              assertThat(line).doesNotContain("kv_transfer_params");
            });
  }

  @Test
  void chat_originWithoutFiles_isUnscoredAndPasses() throws Exception {
    assertThat(post(CHAT, ask("other", false, ""), "none").body()).isEqualTo(plain(false, "none"));
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().find("none").orElseThrow().reading().reason())
        .contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  @Test
  void chat_clientThatLeft_hasAVerdict_andLeavesNoFile() throws Exception {
    byte[] body = ask("slow", true, "").getBytes(StandardCharsets.UTF_8);
    try (Socket client = new Socket("127.0.0.1", agent.port())) {
      String head =
          "POST "
              + CHAT
              + " HTTP/1.1\r\nhost: a\r\nx-request-id: gone\r\ncontent-length: "
              + body.length
              + "\r\n\r\n";
      client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      client.getOutputStream().write(body);
      readTo(client.getInputStream(), "w2");
    }
    Agents.await("the origin was asked", () -> origin.requests.size() == 1);
    left.set(true);
    Agents.awaitVerdicts(agent, 1);
    Reading reading = agent.ledger().find("gone").orElseThrow().reading();
    assertThat(reading.score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
    assertThat(files()).isZero();
  }

  /** What the agent passed on it has seen, and all tokens with it. */
  private static void readTo(InputStream in, String end) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(end) < 0) {
      int next = in.read();
      assertThat(next).as("after " + seen).isNotNegative();
      seen.append((char) next);
    }
  }

  @Test
  void chat_directoryGone_isATapError_andPasses() throws Exception {
    Files.delete(directory);
    assertThat(post(CHAT, ask("other", false, ""), "lost").body()).isEqualTo(plain(false, "lost"));
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().find("lost").orElseThrow().reading().reason())
        .contains(UnscoredReason.TAP_ERROR);
  }

  @Test
  void chat_errorOfTheOrigin_passes_andWhatItWroteIsDeleted() throws Exception {
    assertThat(post(CHAT, ask("broken", false, ""), "err").statusCode()).isEqualTo(500);
    Agents.awaitVerdicts(agent, 1);
    assertThat(files()).isZero();
  }

  @Test
  void chat_requestOverTheBound_passesUndecorated() throws Exception {
    String body = ask("other", false, "x".repeat(300_000));
    assertThat(post(CHAT, body, "long").body()).isEqualTo(plain(false, "long"));
    assertThat(origin.requests.get(0).text()).isEqualTo(body);
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().find("long").orElseThrow().reading().reason())
        .contains(UnscoredReason.TOO_LONG);
  }

  @Test
  void chat_withACodedRequest_passesUndecorated() throws Exception {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(coded)) {
      out.write(ask("m", false, "").getBytes(StandardCharsets.UTF_8));
    }
    try (RawHttp http = new RawHttp(agent.port())) {
      http.send(
          ("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: coded\r\n")
              + ("Content-Encoding: gzip\r\nContent-Length: " + coded.size() + "\r\n\r\n"));
      http.send(coded.toByteArray());
      assertThat(http.read(false).text()).isEqualTo(plain(false, "coded"));
    }
    assertThat(origin.requests.get(0).body()).isEqualTo(coded.toByteArray());
    Agents.awaitVerdicts(agent, 1);
    Exchange exchange = agent.ledger().find("coded").orElseThrow();
    assertThat(exchange.reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(exchange.model()).isEqualTo("m");
  }

  @Test
  void chat_thatIsNoJson_passesByteForByte() throws Exception {
    String body = "{ \"model\" : \"other\" , \"stream\":false,\"kv_transfer_params\": 7 }";
    post(CHAT, body, "odd");
    assertThat(origin.requests.get(0).text()).isEqualTo(body);
    assertThat(origin.requests.get(0).header("accept-encoding")).isEqualTo("gzip");
    Agents.awaitVerdicts(agent, 1);
  }

  private String plain(boolean stream, String id) throws IOException {
    ObjectNode request = Pass.json("{\"stream\":" + stream + "}");
    return VllmOrigin.answer(request, id, PASS, directory, false);
  }

  private static String ask(String model, boolean stream, String text) {
    return "{\"model\":\""
        + model
        + "\",\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private HttpResponse<String> post(String path, String body, String id, String... headers)
      throws IOException, InterruptedException {
    return post(agent, path, body, id, headers);
  }

  private static HttpResponse<String> post(
      RunningAgent agent, String path, String body, String id, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.port() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .header("x-request-id", id)
            .header("accept-encoding", "gzip")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }
}
