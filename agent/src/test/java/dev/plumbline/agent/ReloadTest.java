package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.cli.PlumblineCommand;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.LoadedConfig;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.reload.Reload;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Settings change under traffic: for what begins afterwards, wholly or not at all. */
class ReloadTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String BODY = "{\"choices\":[{\"message\":{\"content\":\"evil\"}}]}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;

  @TempDir private Path dir;
  private final ScriptedTap tap = ScriptedTap.judging();

  @Test
  void mode_changed_holdsForNewExchangesOnly() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (ScriptedOrigin origin = waitingFor("slow", goOn);
        RunningAgent agent = agent(origin, "mode: observe\n");
        RawHttp under = new RawHttp(agent.port())) {
      under.post(CHAT, ASK.replace("hi", "slow"), "X-Request-Id: under-way");
      Agents.await("the origin to be asked", () -> !origin.requests.isEmpty());
      write("mode: annotate\n");
      JsonNode answer = reload(agent, 200);
      assertThat(answer.path("result").asText()).isEqualTo("applied");
      assertThat(answer.at("/applied/0/key").asText()).isEqualTo("mode");
      assertThat(answer.at("/applied/0/from").asText()).isEqualTo("observe");
      assertThat(answer.at("/applied/0/to").asText()).isEqualTo("annotate");
      assertThat(ask(agent).header("plumbline-verdict")).contains("drifted");
      goOn.countDown();
      RawHttp.Response old = under.read(false);
      assertThat(old.text()).isEqualTo(BODY);
      assertThat(old.header("plumbline-verdict")).isEmpty();
      Agents.awaitVerdicts(agent, 2);
      assertThat(agent.ledger().find("under-way").orElseThrow().mode()).isEqualTo(Mode.OBSERVE);
    }
  }

  @Test
  void file_withMistakes_changesNothingAndNamesThemAll() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, "mode: annotate\n")) {
      // A counter that begins at 1 has not risen, and the alert on the first refusal would not
      // fire.
      for (String result : Reload.WORDS) {
        assertThat(page(agent)).contains("plumbline_reloads_total{result=\"" + result + "\"} 0.0");
      }
      write("mode: observe\nscoring.sample: 2\nmodel-x: 1\n");
      JsonNode answer = reload(agent, 422);
      assertThat(answer.path("mistakes").findValuesAsText("key"))
          .containsExactlyInAnyOrder("scoring.sample", "model-x");
      assertThat(answer.path("error").asText()).contains("nothing was changed: 2 mistakes");
      assertThat(ask(agent).header("plumbline-verdict")).contains("drifted");
      assertThat(page(agent)).contains("plumbline_reloads_total{result=\"refused\"} 1.0");
      Files.delete(dir.resolve("plumbline.yaml"));
      reload(agent, 422);
      assertThat(ask(agent).header("plumbline-verdict")).contains("drifted");
    }
  }

  @Test
  void file_unchanged_saysSo() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, "mode: annotate\n")) {
      JsonNode answer = reload(agent, 200);
      assertThat(answer.path("result").asText()).isEqualTo("unchanged");
      assertThat(answer.path("applied")).isEmpty();
      assertThat(answer.path("unchanged").toString()).contains("\"mode\"", "\"origin.url\"");
      assertThat(page(agent)).contains("plumbline_reloads_total{result=\"unchanged\"} 1.0");
    }
  }

  @Test
  void restartKeys_areNamedAndPending_andTheLiveOnesHold() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, "mode: observe\n")) {
      write("mode: annotate\nscoring.queue: 9\nexchanges.kept: 5\n");
      JsonNode answer = reload(agent, 200);
      assertThat(answer.path("applied").findValuesAsText("key")).containsExactly("mode");
      assertThat(answer.path("needs_restart").findValuesAsText("key"))
          .containsExactly("exchanges.kept", "scoring.queue");
      assertThat(ask(agent).header("plumbline-verdict")).contains("drifted");
      assertThat(page(agent))
          .contains("plumbline_config_pending_restart 2.0")
          .contains("plumbline_queue_capacity{queue=\"scoring\"} 256.0");
      assertThat(config(agent).path("needs_restart")).hasSize(2);
      write("mode: annotate\n");
      reload(agent, 200);
      assertThat(page(agent)).contains("plumbline_config_pending_restart 0.0");
    }
  }

  @Test
  void samplingAndDeadline_changed_hold() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, "scoring.sample: 1\n")) {
      write("scoring.sample: 0\n");
      reload(agent, 200);
      ask(agent, "X-Request-Id: out");
      write("models: {m: {sample: 1}}\nscoring.sample: 0\n");
      reload(agent, 200);
      ask(agent, "X-Request-Id: in");
      Agents.awaitVerdicts(agent, 2);
      assertThat(agent.ledger().find("out").orElseThrow().reading().reason())
          .contains(UnscoredReason.SAMPLED_OUT);
      assertThat(agent.ledger().find("in").orElseThrow().reading().reason()).isEmpty();
    }
  }

  @Test
  void deadlineAndFail_changed_hold() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent =
            agent(origin, "mode: annotate\nfail: open\n", ScriptedTap.hanging(), Map.of())) {
      write("mode: annotate\nfail: closed\nannotate.deadline: 1ms\nscoring.deadline: 5ms\n");
      reload(agent, 200);
      assertThat(ask(agent).status()).isEqualTo(503);
      Agents.awaitVerdicts(agent, 1);
    }
  }

  @Test
  void off_isAStartingStateAndFollowsItsKeyOnly() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, "mode: annotate\noff: true\n")) {
      assertThat(get(agent, "/api/state").text()).contains("\"switch\":\"off\"");
      assertThat(ask(agent).header("plumbline-verdict")).isEmpty();
      assertThat(run("on", agent.adminPort())).isZero();
      assertThat(ask(agent).header("plumbline-verdict")).contains("drifted");
      write("mode: annotate\noff: true\nscoring.sample: 0.5\n");
      reload(agent, 200);
      assertThat(get(agent, "/api/state").text()).contains("\"switch\":\"on\"");
      write("mode: annotate\n");
      reload(agent, 200);
      write("mode: annotate\noff: true\n");
      reload(agent, 200);
      assertThat(get(agent, "/api/state").text()).contains("\"switch\":\"off\"");
      assertThat(page(agent)).contains("plumbline_off 1.0");
    }
  }

  @Test
  void watch_newContent_isReloadedByItself() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, "mode: observe\nreload.watch: true\n")) {
      write("mode: annotate\nreload.watch: true\n");
      Agents.await("the reload", () -> settings(agent).contains("\"annotate\""));
      assertThat(ask(agent).header("plumbline-verdict")).contains("drifted");
    }
  }

  private static String settings(RunningAgent agent) {
    try {
      return get(agent, "/api/config").text();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void config_isShownWithTheOriginOfEachValue() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, "mode: annotate\n")) {
      JsonNode settings = config(agent).path("settings");
      assertThat(setting(settings, "mode").toString())
          .contains("\"value\":\"annotate\"", "plumbline.yaml", "\"change\":\"live\"");
      assertThat(setting(settings, "port").toString())
          .contains("\"value\":\"0\"", "\"source\":\"flags\"", "\"change\":\"restart\"");
      assertThat(setting(settings, "fail").toString()).contains("\"source\":\"default\"");
    }
  }

  @Test
  void reloads_atOnceUnderTraffic_areOneAfterAnotherAndEachExchangeIsOfOneKind() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, "mode: observe\n")) {
      List<CompletableFuture<Integer>> reloads = new ArrayList<>();
      int asked = 0;
      for (int round = 0; round < 10; round++) {
        write(round % 2 == 0 ? "mode: annotate\nfail: closed\n" : "mode: observe\n");
        for (int i = 0; i < 3; i++) {
          reloads.add(CompletableFuture.supplyAsync(() -> status(agent)));
        }
        for (int i = 0; i < 5; i++, asked++) {
          RawHttp.Response answer = ask(agent);
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.text()).isEqualTo(BODY);
        }
        assertThat(reloads).allSatisfy(status -> assertThat(status.join()).isEqualTo(200));
      }
      Agents.awaitVerdicts(agent, asked);
      assertThat(page(agent))
          .contains("plumbline_reloads_total{result=\"applied\"} 10.0")
          .contains("plumbline_reloads_total{result=\"unchanged\"} 20.0");
    }
  }

  @Test
  void embedded_modeForAModelThatCannot_isRefused() throws Exception {
    Path file = write("organism: true\n");
    ConfigSources sources =
        new ConfigSources(
            Optional.of(file), Map.of(), Map.of("port", "0", "admin.port", "0", "threads", "1"));
    Engines engines = c -> new Engines.Loaded(Optional.of(new ScriptedModels()), Optional.empty());
    try (RunningAgent agent = new Assembly(engines).launch(sources.read(), sources)) {
      agent.awaitReady();
      write("organism: true\nmode: ablate\n");
      assertThat(reload(agent, 422).path("error").asText()).contains("plain");
      write("organism: true\nmodels: {good: {mode: annotate}}\n");
      reload(agent, 200);
      String body = "{\"model\":\"good\",\"prompt\":\"x\"}";
      assertThat(RawHttp.post(agent.port(), "/v1/completions", body).header("plumbline-verdict"))
          .contains("aligned");
    }
  }

  @Test
  void command_saysWhatHolds_andFailsWithTheMistakes() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin, "mode: observe\n");
        RunningAgent given = Agents.passing(origin.port())) {
      write("mode: annotate\nscoring.queue: 9\n");
      assertThat(run("reload", agent.adminPort())).isZero();
      assertThat(out.toString())
          .contains("now mode: annotate (was: observe)")
          .contains("restart the agent for scoring.queue: 9 (was: 256)");
      assertThat(run("reload", agent.adminPort(), "--json")).isZero();
      assertThat(out.toString()).contains("\"result\":\"pending\"");
      write("mode: strict\nfail: never\n");
      assertThat(run("reload", agent.adminPort())).isEqualTo(2);
      assertThat(err.toString()).contains("mode (", "fail (").doesNotContain("\tat ");
      assertThat(run("reload", given.adminPort())).isEqualTo(3);
      assertThat(run("reload", 1)).isEqualTo(1);
    }
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String command, int port, String... more) {
    CommandLine line = PlumblineCommand.create(config -> null, Map.of());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    List<String> arguments =
        new ArrayList<>(List.of(command, "--admin", "http://127.0.0.1:" + port));
    arguments.addAll(List.of(more));
    return line.execute(arguments.toArray(String[]::new));
  }

  private RunningAgent agent(ScriptedOrigin origin, String text) throws IOException {
    return agent(origin, text, tap, Map.of());
  }

  private RunningAgent agent(
      ScriptedOrigin origin, String text, ScriptedTap tap, Map<String, String> environment)
      throws IOException {
    Map<String, String> flags =
        Map.of(
            "port",
            "0",
            "admin.port",
            "0",
            "organism",
            "true",
            "direction",
            dir.toString(),
            "metrics.ask-origins",
            "false",
            "metrics.models",
            "m",
            "origin.url",
            "http://127.0.0.1:" + origin.port());
    ConfigSources sources = new ConfigSources(Optional.of(write(text)), environment, flags);
    LoadedConfig loaded = sources.read();
    Engines engines = c -> new Engines.Loaded(Optional.empty(), Optional.of(tap));
    RunningAgent agent = new Assembly(engines).launch(loaded, sources);
    agent.awaitReady();
    return agent;
  }

  private Path write(String text) throws IOException {
    return Files.writeString(dir.resolve("plumbline.yaml"), text);
  }

  private static ScriptedOrigin waitingFor(String word, CountDownLatch goOn) throws IOException {
    return new ScriptedOrigin(
        (request, out) -> {
          if (request.text().contains(word)) {
            goOn.await();
          }
          out.write(ANSWER.getBytes(StandardCharsets.UTF_8));
          out.flush();
          return true;
        });
  }

  private static RawHttp.Response ask(RunningAgent agent, String... headers) throws IOException {
    return RawHttp.post(agent.port(), CHAT, ASK, headers);
  }

  private static JsonNode reload(RunningAgent agent, int status) throws IOException {
    RawHttp.Response answer = RawHttp.post(agent.adminPort(), "/api/reload", "");
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    return new ObjectMapper().readTree(answer.body());
  }

  private static int status(RunningAgent agent) {
    try {
      return RawHttp.post(agent.adminPort(), "/api/reload", "").status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode config(RunningAgent agent) throws IOException {
    return new ObjectMapper().readTree(get(agent, "/api/config").body());
  }

  private static JsonNode setting(JsonNode settings, String key) {
    for (JsonNode setting : settings) {
      if (setting.path("key").asText().equals(key)) {
        return setting;
      }
    }
    throw new AssertionError("wanted " + key + " in " + settings);
  }

  private static RawHttp.Response get(RunningAgent agent, String path) throws IOException {
    return RawHttp.get(agent.adminPort(), path);
  }

  private static String page(RunningAgent agent) throws IOException {
    return get(agent, "/metrics").text();
  }
}
