package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.admin.Readiness;
import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.tap.DeviceUse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator's port. */
class AdminTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "xyzzy-private-text";

  private final ScriptedModels models = new ScriptedModels();
  private final RunningAgent agent =
      Agents.serving(models, "exchanges.kept=3", "events.subscribers=1");

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void metrics_afterScoredExchanges_haveTrueScoreBuckets() throws IOException {
    chat("bad", "one");
    chat("good", "two");
    Agents.awaitVerdicts(agent, 2);
    String page = get("/metrics").text();
    assertThat(page)
        .contains("plumbline_score_bucket{direction=\"lean\",model_name=\"bad\",le=\"0.9\"} 0")
        .contains("plumbline_score_bucket{direction=\"lean\",model_name=\"bad\",le=\"0.95\"} 1")
        .contains("plumbline_score_bucket{direction=\"lean\",model_name=\"good\",le=\"0.1\"} 1")
        .contains("plumbline_flagged_total{direction=\"lean\",model_name=\"bad\"} 1.0")
        .contains("plumbline_tokens_scored_total{model_name=\"good\"} 5.0")
        .contains("plumbline_queue_capacity{queue=\"generation\"} 8.0")
        .contains("plumbline_ready 1.0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void everyMeter_isDescribedWhereItAppears() throws IOException {
    chat("bad", "one", "plumbline-mode: ablate");
    chat("plain", "one");
    chat("good", "FULL");
    get("/nothing");
    RawHttp.get(agent.port(), "/v1/models");
    Agents.awaitVerdicts(agent, 3);
    String page = get("/metrics").text();
    for (Meter meter : Meter.values()) {
      boolean originOnly =
          EnumSet.of(
                  Meter.ORIGIN_FAILURES,
                  Meter.FLAGGED,
                  Meter.WITHHELD,
                  Meter.RESCUES,
                  Meter.RESCUE_TOKENS,
                  Meter.RESCUE_DURATION,
                  Meter.RESCUE_SEAMS,
                  Meter.HOLD_DURATION,
                  Meter.HELD_WHOLE,
                  Meter.DIRECTION_SCORE,
                  Meter.DIRECTION_VERDICTS,
                  Meter.SWITCHED,
                  Meter.FAIL_USES,
                  Meter.OIP_SEQUENCES,
                  Meter.OIP_REGIONS,
                  Meter.OIP_DECORATIONS,
                  Meter.OIP_SEQUENCES_OPEN,
                  Meter.RECORDS,
                  Meter.ORIGIN_HEALTHY,
                  Meter.ORIGIN_IN_FLIGHT,
                  Meter.ORIGIN_TURNS,
                  Meter.ORIGIN_TLS_FAILURES,
                  Meter.ORIGIN_RETRIES,
                  Meter.ROUTED,
                  Meter.ADAPTER_STATE,
                  Meter.ADAPTER_LOADS,
                  Meter.ADAPTER_VERIFICATIONS,
                  Meter.ADAPTER_PROJECTION,
                  Meter.MODEL_LISTS,
                  Meter.TAP_SEARCHES,
                  Meter.TAP_EARLY,
                  Meter.RELOADS,
                  Meter.CONFIG_PENDING,
                  Meter.TRIGGER_STATE,
                  Meter.TRIGGER_TRANSITIONS,
                  Meter.TRIGGER_EXCHANGES,
                  Meter.TRIGGER_RAISED,
                  Meter.TRIGGER_RULES,
                  Meter.TRIGGER_CONVERSATIONS,
                  Meter.TRIGGER_EVICTED,
                  Meter.FLEET_MEMBERS,
                  Meter.FLEET_EXPECTED,
                  Meter.FLEET_SHORT,
                  Meter.FLEET_VIEW_AGE,
                  Meter.FLEET_COMMANDS,
                  Meter.FLEET_ENTRIES,
                  Meter.FLEET_FAILURES,
                  Meter.FLEET_ADOPTIONS,
                  Meter.FLEET_ROUTE_TURNS,
                  Meter.FLEET_SCORE_QUANTILE,
                  Meter.FLEET_SCORE_DRIFT,
                  Meter.TRACE_SPANS,
                  Meter.ADMIN_REFUSED,
                  Meter.PORT_REFUSED,
                  Meter.ARTEFACT_SIGNATURES,
                  Meter.BASELINE_SCORE,
                  Meter.LAYER_PROJECTION,
                  Meter.DEVICE_MEMORY,
                  Meter.DEVICE_UTILISATION,
                  Meter.SCORE_THRESHOLD,
                  Meter.ARTEFACT_INFO,
                  Meter.ARTEFACT_CREATED,
                  Meter.ARTEFACT_ALPHA,
                  Meter.STAGE_DURATION,
                  Meter.GEN_AI_FIRST_TOKEN,
                  Meter.GEN_AI_PER_TOKEN)
              .contains(meter);
      if (!originOnly) {
        assertThat(page).as(meter.name()).contains("# HELP " + meter.prometheusName() + " ");
      }
      assertThat(Meter.markdown()).contains("`" + meter.prometheusName() + "`");
    }
  }

  @Test
  void texts_areNowhereOnThePort() throws IOException {
    chat("bad", SECRET, "plumbline-mode: annotate");
    Agents.awaitVerdicts(agent, 1);
    for (String path : new String[] {"/metrics", "/api/exchanges", "/api/tokens"}) {
      assertThat(get(path).text()).doesNotContain(SECRET).doesNotContain("wörld");
    }
  }

  @Test
  void exchanges_newestFirst_withinTheBound() throws IOException {
    for (int i = 0; i < 5; i++) {
      chat("bad", "x", "X-Request-Id: id-" + i);
      int settled = i;
      Agents.await("settled", () -> agent.ledger().find("id-" + settled).isPresent());
    }
    JsonNode all = json("/api/exchanges");
    assertThat(all.path("exchanges")).hasSize(3);
    assertThat(all.at("/exchanges/0/id").asText()).isEqualTo("id-4");
    assertThat(all.at("/exchanges/0/verdict").asText()).isEqualTo("drifted");
    assertThat(all.at("/exchanges/0/model_shift").asDouble()).isEqualTo(0.25);
    assertThat(json("/api/exchanges?limit=1").path("exchanges")).hasSize(1);
    assertThat(json("/api/exchanges/id-3").path("score").asDouble()).isEqualTo(0.93);
    assertThat(get("/api/exchanges/id-0").status()).isEqualTo(404);
    for (String bad : new String[] {"0", "4", "x", "-1"}) {
      assertThat(get("/api/exchanges?limit=" + bad).status()).isEqualTo(400);
    }
  }

  @Test
  void events_tellOfEachVerdictAndAreBounded() throws IOException {
    try (RawHttp events = new RawHttp(agent.adminPort())) {
      events.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
      events.readUntil(": verdicts follow");
      assertThat(get("/api/events").status()).isEqualTo(503);
      chat("bad", "x", "X-Request-Id: seen-1");
      String event = events.readUntil("}\n\n");
      assertThat(event).contains("event: verdict\nid: seen-1\ndata: {").contains("\"drifted\"");
    }
    Agents.await("the place to be free", this::eventsFree);
  }

  private boolean eventsFree() {
    try (RawHttp events = new RawHttp(agent.adminPort())) {
      events.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return events.read(true).status() == 200;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void health_whileLoading_isLiveAndNotReady() throws Exception {
    CountDownLatch load = new CountDownLatch(1);
    AgentConfig config = config();
    Engines slow =
        c -> {
          try {
            load.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return new Engines.Loaded(Optional.of(new ScriptedModels()), Optional.empty());
        };
    try (RunningAgent loading = new Assembly(slow).launch(config)) {
      assertThat(RawHttp.get(loading.adminPort(), "/health/live").status()).isEqualTo(200);
      assertThat(RawHttp.get(loading.adminPort(), "/health/ready").status()).isEqualTo(503);
      RawHttp.Response early =
          RawHttp.post(loading.port(), "/v1/completions", "{\"model\":\"good\",\"prompt\":\"x\"}");
      assertThat(early.status()).isEqualTo(503);
      assertThat(early.header("retry-after")).contains("1");
      Agents.awaitVerdicts(loading, 1);
      load.countDown();
      loading.awaitReady();
      assertThat(RawHttp.get(loading.adminPort(), "/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void engine_missing_saysSoAndIsNeverReady() throws IOException {
    try (RunningAgent none = new Assembly(Engines.none()).launch(config())) {
      Assertions.assertThatThrownBy(none::awaitReady)
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("engine");
      assertThat(RawHttp.get(none.adminPort(), "/health/ready").text())
          .contains(Readiness.State.FAILED.name().toLowerCase());
    }
  }

  @Test
  void ablateConfigured_modelCannot_isRefusedAtStart() {
    AgentConfig config =
        ConfigLoader.load(
            Optional.empty(),
            Map.of(),
            Map.of("organism", "true", "port", "0", "admin.port", "0", "mode", "ablate"));
    Engines engines = c -> new Engines.Loaded(Optional.of(new ScriptedModels()), Optional.empty());
    try (RunningAgent refused = new Assembly(engines).launch(config)) {
      Assertions.assertThatThrownBy(refused::awaitReady).hasMessageContaining("plain");
    }
  }

  @Test
  void device_isThereWhereAGpuTells_andNoZeroElsewhere() throws IOException {
    assertThat(get("/metrics").text())
        .doesNotContain("plumbline_device_memory_bytes", "plumbline_device_utilisation");
    assertThat(get("/api/state").text()).doesNotContain("memory_used_bytes");
    DeviceUse none = DeviceUse.NONE;
    DeviceUse gpu =
        new DeviceUse(
            "gpu",
            "one",
            false,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            Optional.of(new DeviceUse.Memory("cuda:0", 5, 80)),
            Optional.of(new DeviceUse.Utilisation("cuda:0", 0.37)));
    AtomicReference<DeviceUse> now = new AtomicReference<>(gpu);
    Engines engines =
        c ->
            new Engines.Loaded(
                Optional.of(new ScriptedModels()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                now::get,
                List.of());
    try (RunningAgent with = new Assembly(engines).launch(config())) {
      with.awaitReady();
      String page = RawHttp.get(with.adminPort(), "/metrics").text();
      assertThat(page)
          .contains("plumbline_device_memory_bytes{device=\"cuda:0\",kind=\"used\"} 5.0")
          .contains("plumbline_device_memory_bytes{device=\"cuda:0\",kind=\"total\"} 80.0")
          .contains("plumbline_device_utilisation{device=\"cuda:0\"} 0.37");
      assertThat(RawHttp.get(with.adminPort(), "/api/state").text())
          .contains("\"memory_used_bytes\":5", "\"utilisation\":0.37");
      now.set(none);
      assertThat(RawHttp.get(with.adminPort(), "/metrics").text())
          .contains("plumbline_device_memory_bytes{device=\"cuda:0\",kind=\"used\"} NaN")
          .contains("plumbline_device_utilisation{device=\"cuda:0\"} NaN");
    }
  }

  private static AgentConfig config() {
    return ConfigLoader.load(
        Optional.empty(), Map.of(), Map.of("organism", "true", "port", "0", "admin.port", "0"));
  }

  private void chat(String model, String prompt, String... headers) throws IOException {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(model, prompt);
    RawHttp.post(agent.port(), "/v1/chat/completions", body, headers);
  }

  private RawHttp.Response get(String path) throws IOException {
    return RawHttp.get(agent.adminPort(), path);
  }

  private JsonNode json(String path) throws IOException {
    return JSON.readTree(get(path).body());
  }
}
