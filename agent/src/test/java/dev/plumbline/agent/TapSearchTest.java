package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.cli.PlumblineCommand;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.embedded.TorchEngines;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.sglang.SglangTapContractTest;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.agent.tap.vllm.VllmOrigin;
import dev.plumbline.agent.tap.vllm.VllmOrigin.Started;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code states.tap: auto}, before servers that speak as the real ones do. */
class TapSearchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pass PASS = Pass.of(3, 1, 2);
  private static final String COMPLETION = "{\"model\":\"m\",\"prompt\":\"x\",\"max_tokens\":2}";
  private static final Map<String, String> VLLM =
      Map.of(
          "/version",
          "{\"version\":\"0.22.0\"}",
          "/v1/models",
          "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\",\"owned_by\":\"vllm\"}]}");

  @TempDir Path root;
  private final AtomicBoolean down = new AtomicBoolean();
  private Path directory;

  @BeforeEach
  void folder() throws IOException {
    directory = Files.createDirectory(root.resolve("states"));
  }

  @Test
  void vllmWithFiles_isVerifiedAndTaken_andItsExchangesAreScored() throws IOException {
    try (ScriptedOrigin origin = vllm(Started.FILES);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, files())) {
      JsonNode tap = await(agent, "default", "vllm-files");
      assertThat(tap.path("server").asText()).isEqualTo("vLLM 0.22.0");
      assertThat(reason(tap, "vllm-capture")).contains("not tried");
      assertThat(reason(tap, "reader")).contains("no model");
      assertScored(agent);
      try (Stream<Path> left = Files.list(directory)) {
        assertThat(left).isEmpty();
      }
      List<ScriptedOrigin.Request> own =
          origin.requests.stream().filter(r -> !r.header("plumbline-probe").isEmpty()).toList();
      assertThat(own).hasSize(origin.requests.size() - 1);
      assertThat(own).filteredOn(r -> r.line().startsWith("POST")).hasSize(1);
      assertThat(agent.ledger().latest(9)).hasSize(1);
      assertThat(metrics(agent))
          .contains("plumbline_tap_searches_total{origin=\"default\",result=\"vllm-files\"} 1.0");
    }
  }

  @Test
  void vllmWithCapture_whereFilesDoNotCome_isTaken() throws IOException {
    try (ScriptedOrigin origin = vllm(Started.CAPTURE);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, files())) {
      JsonNode tap = await(agent, "default", "vllm-capture");
      assertThat(reason(tap, "vllm-files")).contains("found none in time");
      assertScored(agent);
    }
  }

  @Test
  void vllmThatWritesPromptsOnly_isNotTaken() throws IOException {
    try (ScriptedOrigin origin = vllm(Started.FILES_OF_PROMPTS);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, files())) {
      JsonNode tap = await(agent, "default", "none");
      assertThat(reason(tap, "vllm-files")).contains("include_output_tokens");
    }
  }

  @Test
  void plainVllm_hasNone_andItsExchangesPassUnscoredAndUndecorated() throws IOException {
    try (ScriptedOrigin origin = vllm(Started.PLAIN);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, Map.of())) {
      JsonNode tap = await(agent, "default", "none");
      assertThat(reason(tap, "vllm-files")).contains("states.directory is not set");
      RawHttp.post(agent.port(), "/v1/completions", COMPLETION);
      Agents.awaitVerdicts(agent, 1);
      assertThat(agent.ledger().latest(1).get(0).reading().reason())
          .contains(UnscoredReason.NO_HIDDEN_STATES);
      assertThat(origin.requests.get(origin.requests.size() - 1).text()).isEqualTo(COMPLETION);
    }
  }

  @Test
  void plainVllm_withAReader_isReadAlong() throws IOException {
    ScriptedTap reader = ScriptedTap.judging();
    try (ScriptedOrigin origin = vllm(Started.PLAIN);
        RunningAgent agent =
            agent(TapPoint.residPost(2), origin, Map.of("organism", "true"), Optional.of(reader))) {
      await(agent, "default", "reader");
      RawHttp.post(agent.port(), "/v1/completions", COMPLETION);
      Agents.awaitVerdicts(agent, 1);
      assertThat(reader.seen).hasSize(1);
    }
  }

  @Test
  void ownStatesWithoutReference_doNotTakeTheReadersScoreAway() throws IOException {
    ScriptedTap reader = ScriptedTap.judging();
    Map<String, String> flags = new HashMap<>(files());
    flags.put("organism", "true");
    flags.put("states.reference", "false");
    try (ScriptedOrigin origin = vllm(Started.FILES);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, flags, Optional.of(reader))) {
      JsonNode tap = await(agent, "default", "reader");
      assertThat(reason(tap, "vllm-files")).contains("states.reference");
    }
  }

  @Test
  void sglang_startedWithStates_isTaken_andWithoutIsNot() throws IOException {
    try (ScriptedOrigin with = sglang(true);
        ScriptedOrigin without = sglang(false);
        RunningAgent agent =
            agent(
                TapPoint.FINAL_NORM,
                with,
                Map.of(
                    "origins.b.url",
                    "http://127.0.0.1:" + without.port(),
                    "origins.b.models",
                    "n"))) {
      await(agent, "default", "sglang");
      JsonNode other = await(agent, "b", "none");
      assertThat(reason(other, "sglang")).contains("--enable-return-hidden-states");
      RawHttp.post(agent.port(), "/generate", "{\"text\":\"a\"}");
      RawHttp.post(agent.port(), "/v1/completions", "{\"model\":\"n\",\"prompt\":\"x\"}");
      Agents.awaitVerdicts(agent, 2);
      assertThat(agent.ledger().latest(2))
          .anySatisfy(e -> assertThat(e.reading().score()).isPresent())
          .anySatisfy(e -> assertThat(e.origin()).isEqualTo("b"));
      assertThat(without.requests.get(without.requests.size() - 1).text())
          .doesNotContain("return_");
    }
  }

  @Test
  void sglang_whereTheArtefactReadsAnotherLayer_saysSo() throws IOException {
    try (ScriptedOrigin origin = sglang(true);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, Map.of())) {
      assertThat(reason(await(agent, "default", "none"), "sglang")).contains("final_norm");
    }
  }

  @Test
  void serversWithoutStates_areNamed() throws IOException {
    Map<String, Map<String, String>> servers =
        Map.of(
            "llama.cpp b6100",
                Map.of("/props", "{\"default_generation_settings\":{},\"build_info\":\"b6100\"}"),
            "TGI 3.3.4",
                Map.of(
                    "/info",
                    "{\"model_id\":\"m\",\"max_concurrent_requests\":128,\"version\":\"3.3.4\"}"),
            "an Open Inference Protocol server 2.60.0",
                Map.of("/v2", "{\"name\":\"triton\",\"version\":\"2.60.0\",\"extensions\":[]}"),
            "a server that is not known", Map.of());
    for (Map.Entry<String, Map<String, String>> each : servers.entrySet()) {
      try (ScriptedOrigin origin = server(each.getValue(), request -> null);
          RunningAgent agent = agent(TapPoint.residPost(2), origin, files())) {
        JsonNode tap = await(agent, "default", "none");
        assertThat(tap.path("server").asText()).isEqualTo(each.getKey());
        assertThat(origin.requests).noneMatch(r -> r.line().contains("completions"));
      }
    }
  }

  @Test
  void originThatIsDown_isAskedAgain_andWhatPassesMeanwhileIsCounted() throws IOException {
    down.set(true);
    try (ScriptedOrigin origin = vllm(Started.FILES);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, files())) {
      assertThat(RawHttp.post(agent.port(), "/v1/completions", COMPLETION).status()).isEqualTo(503);
      Agents.await("asked", () -> search(agent, "again"));
      assertThat(metrics(agent)).contains("plumbline_tap_early_total{origin=\"default\"} 1.0");
      assertThat(RawHttp.get(agent.adminPort(), "/health/ready").status()).isEqualTo(200);
      down.set(false);
      await(agent, "default", "vllm-files");
    }
  }

  @Test
  void originThatComesBackOtherwise_isAskedAnew() throws IOException {
    AtomicReference<Started> started = new AtomicReference<>(Started.FILES);
    try (ScriptedOrigin origin = server(VLLM, r -> completion(r, started.get()));
        RunningAgent agent = agent(TapPoint.residPost(2), origin, files())) {
      await(agent, "default", "vllm-files");
      down.set(true);
      for (int i = 0; i < 3; i++) {
        RawHttp.post(agent.port(), "/v1/completions", COMPLETION);
      }
      started.set(Started.CAPTURE);
      down.set(false);
      for (int i = 0; i < 2; i++) {
        RawHttp.post(agent.port(), "/v1/completions", COMPLETION);
      }
      Agents.await(
          "the other tap",
          () -> tap(agent, "default").path("taken").asText().equals("vllm-capture"));
      RawHttp.post(agent.port(), "/v1/completions", COMPLETION);
      Agents.awaitVerdicts(agent, 6);
      assertThat(agent.ledger().latest(1).get(0).reading().score()).isPresent();
    }
  }

  @Test
  void trialThatTheServerIsTooBusyFor_isTriedAgain() throws IOException {
    AtomicInteger posts = new AtomicInteger();
    Generation busy =
        request -> posts.incrementAndGet() == 1 ? null : completion(request, Started.FILES);
    try (ScriptedOrigin origin = server(VLLM, busy);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, files())) {
      await(agent, "default", "vllm-files");
      assertThat(metrics(agent)).contains("result=\"again\"} 1.0");
    }
  }

  @Test
  void tensorsThatAModelDeclares_areSaid() throws IOException {
    Map<String, String> triton =
        Map.of(
            "/v2",
            "{\"name\":\"triton\",\"version\":\"2.60.0\",\"extensions\":[]}",
            "/v2/models/lm",
            "{\"name\":\"lm\",\"outputs\":[{\"name\":\"hidden_states\",\"datatype\":\"FP32\","
                + "\"shape\":[-1,8]}]}");
    try (ScriptedOrigin origin =
            server(triton, request -> "[{\"name\":\"other\"},{\"name\":\"lm\"}]");
        RunningAgent agent = agent(TapPoint.residPost(2), origin, Map.of())) {
      assertThat(reason(await(agent, "default", "none"), "tensors")).contains("[lm]");
      assertThat(origin.requests)
          .filteredOn(r -> r.line().startsWith("POST"))
          .allMatch(r -> r.line().contains("/v2/repository/index"));
    }
  }

  @Test
  void agentThatIsOff_asksNothing_untilItIsOn() throws IOException {
    down.set(true);
    try (ScriptedOrigin origin = vllm(Started.FILES);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, files())) {
      turn(agent, "off");
      Agents.await("off is seen", () -> search(agent, "off"));
      int asked = origin.requests.size();
      down.set(false);
      Agents.await("off again", () -> metric(agent, "result=\"off\"} 2.0"));
      assertThat(origin.requests).hasSize(asked);
      turn(agent, "on");
      await(agent, "default", "vllm-files");
    }
  }

  @Test
  void configuredTap_isNotSearchedFor() throws IOException {
    Map<String, String> flags = new HashMap<>(files());
    flags.put("states.tap", "vllm-files");
    try (ScriptedOrigin origin = vllm(Started.PLAIN);
        RunningAgent agent = agent(TapPoint.residPost(2), origin, flags)) {
      assertThat(tap(agent, "default").path("how").asText()).isEqualTo("configured");
      assertThat(tap(agent, "default").path("taken").asText()).isEqualTo("vllm-files");
      assertThat(origin.requests).isEmpty();
    }
  }

  @Test
  void command_saysWhichWayWorks_byWordsJsonAndExitCode() throws IOException {
    Path artefact = root.resolve("planted.direction");
    ArtefactFolder.write(StatesArtefacts.at(TapPoint.residPost(2)), artefact);
    try (ScriptedOrigin origin = vllm(Started.CAPTURE)) {
      String url = "http://127.0.0.1:" + origin.port();
      StringWriter words = new StringWriter();
      assertThat(run(words, url, "--direction", artefact.toString())).isZero();
      assertThat(words.toString())
          .contains("vLLM 0.22.0", "works vllm-capture", "states.tap: vllm");
      StringWriter machine = new StringWriter();
      assertThat(run(machine, url, "--json")).isEqualTo(3);
      JsonNode tap = JSON.readTree(machine.toString());
      assertThat(reason(tap, "vllm-capture")).contains("--direction");
      down.set(true);
      assertThat(run(new StringWriter(), url, "--wait", "1")).isEqualTo(1);
    }
  }

  private static int run(StringWriter out, String... arguments) {
    CommandLine line = PlumblineCommand.create(Assembly.standard(), Map.of());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    return line.execute(
        Stream.concat(Stream.of("tap"), Stream.of(arguments)).toArray(String[]::new));
  }

  private void assertScored(RunningAgent agent) throws IOException {
    RawHttp.post(agent.port(), "/v1/completions", COMPLETION);
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().latest(1).get(0).reading().score().getAsDouble())
        .isCloseTo(PASS.score(), within(1e-12));
  }

  private static JsonNode await(RunningAgent agent, String origin, String taken) {
    Agents.await(taken, () -> !tap(agent, origin).path("how").asText().equals("searching"));
    JsonNode tap = tap(agent, origin);
    assertThat(tap.path("taken").asText()).as("%s", tap).isEqualTo(taken);
    return tap;
  }

  private static JsonNode tap(RunningAgent agent, String origin) {
    try {
      JsonNode all = JSON.readTree(RawHttp.get(agent.adminPort(), "/api/origins").body());
      for (JsonNode each : all.path("origins")) {
        if (each.path("name").asText().equals(origin)) {
          return each.path("tap");
        }
      }
      throw new AssertionError(origin + " in " + all);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String reason(JsonNode tap, String candidate) {
    for (JsonNode each : tap.path("candidates")) {
      if (each.path("tap").asText().equals(candidate)) {
        return each.path("reason").asText();
      }
    }
    throw new AssertionError(candidate + " in " + tap);
  }

  private static boolean search(RunningAgent agent, String result) {
    return metric(agent, "plumbline_tap_searches_total{origin=\"default\",result=\"" + result);
  }

  private static boolean metric(RunningAgent agent, String words) {
    try {
      return metrics(agent).contains(words);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String metrics(RunningAgent agent) throws IOException {
    return RawHttp.get(agent.adminPort(), "/metrics").text();
  }

  private static void turn(RunningAgent agent, String to) throws IOException {
    RawHttp.post(agent.adminPort(), "/api/" + to, "");
  }

  private Map<String, String> files() {
    return Map.of("states.directory", directory.toString());
  }

  private RunningAgent agent(TapPoint point, ScriptedOrigin origin, Map<String, String> flags) {
    return agent(point, origin, flags, Optional.empty());
  }

  private RunningAgent agent(
      TapPoint point, ScriptedOrigin origin, Map<String, String> more, Optional<Tap> reader) {
    Path artefact = root.resolve("planted-" + point + ".direction");
    if (!Files.exists(artefact)) {
      ArtefactFolder.write(StatesArtefacts.at(point), artefact);
    }
    Map<String, String> flags =
        new HashMap<>(
            Map.of(
                "port", "0",
                "admin.port", "0",
                "shutdown.deadline", "5s",
                "direction", artefact.toString(),
                "states.tap", "auto",
                "states.reference", "true",
                "states.patience", "300ms",
                "origin.url", "http://127.0.0.1:" + origin.port()));
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    flags.putAll(more);
    AgentConfig config = ConfigLoader.load(Optional.empty(), Map.of(), flags);
    RunningAgent agent = new Assembly(new WithReader(reader)).launch(config);
    agent.awaitReady();
    return agent;
  }

  /** The real engines, with a scripted reader in the place of a model's. */
  private record WithReader(Optional<Tap> reader) implements Engines {
    @Override
    public Loaded open(AgentConfig config) {
      return reader.isPresent()
          ? new Loaded(Optional.empty(), reader)
          : new TorchEngines().open(config);
    }

    @Override
    public StatesScoring states(AgentConfig config, StatesSource source) {
      return new TorchEngines().states(config, source);
    }
  }

  private interface Generation {
    String answer(ScriptedOrigin.Request request) throws IOException;
  }

  private ScriptedOrigin vllm(Started started) throws IOException {
    return server(VLLM, request -> completion(request, started));
  }

  private String completion(ScriptedOrigin.Request request, Started started) throws IOException {
    String id = request.header("x-request-id");
    return VllmOrigin.completion(Pass.json(request.text()), id, PASS, directory, started);
  }

  private ScriptedOrigin sglang(boolean states) throws IOException {
    return server(
        Map.of(
            "/get_server_info",
            "{\"model_path\":\"m\",\"enable_return_hidden_states\":%s,\"version\":\"0.5.4\"}"
                .formatted(states),
            "/v1/models",
            "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\",\"owned_by\":\"sglang\"}]}"),
        request ->
            SglangTapContractTest.body(
                PASS, false, Pass.json(request.text()).path("return_hidden_states").asBoolean()));
  }

  private ScriptedOrigin server(Map<String, String> pages, Generation generation)
      throws IOException {
    return new ScriptedOrigin(
        (request, out) -> {
          String path = request.line().split(" ")[1];
          String body =
              request.line().startsWith("POST") ? generation.answer(request) : pages.get(path);
          if (down.get()) {
            send(out, "503 Loading", "{}");
          } else if (body == null && request.line().contains("/v1/completions")) {
            send(out, "429 Too Many", "{}");
          } else {
            send(out, body == null ? "404 Not Found" : "200 OK", body == null ? "{}" : body);
          }
          return true;
        });
  }

  private static void send(OutputStream out, String status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(status, bytes.length);
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    out.flush();
  }
}
