package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.adapters.FakeLlama;
import dev.plumbline.agent.adapters.FakeServer;
import dev.plumbline.agent.adapters.FakeVllm;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Mode {@code ablate} before servers that have the direction taken out by an adapter. */
class AblatedVariantsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{ \"messages\":[{\"role\":\"user\",\"content\":\"h\\u00fc\"}],  \"model\" : \"base\","
          + "\"temperature\":1.0}";
  private static final String[] VLLM = {
    "mode=ablate",
    "ablated.via=model",
    "ablated.server=vllm",
    "ablated.model={model}-ablated",
    "ablated.served-adapter=/adapters/lean",
    "ablated.verify-floor=0.5",
    "ablated.check-interval=50ms"
  };

  private final ScriptedTap tap = ScriptedTap.judging();

  @Test
  void vllm_adapterThatWorks_isLoadedVerifiedAndAskedFor() throws Exception {
    try (FakeVllm vllm = new FakeVllm(true);
        RunningAgent agent = Agents.reading(port(vllm), tap, VLLM)) {
      JsonNode life = await(agent, "verified");
      assertThat(life.at("/variant/model").asText()).isEqualTo("base-ablated");
      assertThat(life.at("/measured/by").asText()).isEqualTo("reader");
      assertThat(life.at("/measured/plain").asDouble()).isCloseTo(0.9, within(1e-9));
      assertThat(life.at("/measured/ablated").asDouble()).isCloseTo(0.1, within(1e-9));
      RawHttp.Response whole = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(whole.text()).contains("good").contains("base-ablated");
      assertThat(whole.header("plumbline-action")).contains("ablated");
      assertThat(vllm.chats).last().isEqualTo(ASK.replace("\"base\"", "\"base-ablated\""));
      String stream = ASK.replace("1.0", "1.0,\"stream\":true");
      assertThat(RawHttp.post(agent.port(), CHAT, stream).text())
          .contains("good")
          .contains("\"action\":\"ablated\"");
      Agents.awaitVerdicts(agent, 2);
      assertThat(agent.ledger().latest(2))
          .extracting(Exchange::action)
          .containsOnly(Action.ABLATED);
      assertThat(metrics(agent))
          .contains("plumbline_adapter_loads_total{origin=\"default\",result=\"loaded\"} 1.0")
          .contains("plumbline_adapter_state{origin=\"default\",state=\"verified\"} 1.0");
    }
  }

  @Test
  void vllm_adapterThatDoesNothing_isAnAlarmAndTheRequestGoesUnchanged() throws Exception {
    try (FakeVllm vllm = new FakeVllm(true)) {
      vllm.effective = false;
      try (RunningAgent agent = Agents.reading(port(vllm), tap, VLLM)) {
        assertThat(await(agent, "ineffective").path("why").asText()).contains("export it anew");
        RawHttp.Response whole = RawHttp.post(agent.port(), CHAT, ASK);
        assertThat(whole.text()).contains("evil");
        assertThat(whole.header("plumbline-action")).contains("not_applied");
        assertThat(vllm.chats).last().isEqualTo(ASK);
        assertThat(metrics(agent))
            .contains("outcome=\"ineffective\"")
            .contains("plumbline_adapter_state{origin=\"default\",state=\"ineffective\"} 1.0");
      }
    }
  }

  @Test
  void vllm_thatWasRestarted_getsItAgain() throws Exception {
    try (FakeVllm vllm = new FakeVllm(false);
        RunningAgent agent = Agents.reading(port(vllm), tap, VLLM)) {
      await(agent, "verified");
      vllm.restart();
      Agents.await("the adapter is back", () -> vllm.loaded.containsKey("base-ablated"));
      await(agent, "verified");
      assertThat(RawHttp.post(agent.port(), CHAT, ASK).text()).contains("good");
      assertThat(metrics(agent)).contains("result=\"reapplied\"} 1.0");
    }
  }

  @Test
  void vllm_withoutRuntimeLoading_saysWhichVariableToSet() throws Exception {
    try (FakeVllm vllm = new FakeVllm(true)) {
      vllm.enabled = false;
      try (RunningAgent agent = Agents.reading(port(vllm), tap, VLLM)) {
        assertThat(await(agent, "failed").path("why").asText())
            .contains("VLLM_ALLOW_RUNTIME_LORA_UPDATING=True");
        assertThat(RawHttp.post(agent.port(), CHAT, ASK).header("plumbline-action"))
            .contains("not_applied");
      }
    }
  }

  @Test
  void anotherModel_isNotAskedForByTheBasesVariant() throws Exception {
    try (FakeVllm vllm = new FakeVllm(true)) {
      vllm.loaded.put("sql-lora", "/adapters/sql");
      try (RunningAgent agent = Agents.reading(port(vllm), tap, VLLM)) {
        await(agent, "verified");
        RawHttp.Response other =
            RawHttp.post(agent.port(), CHAT, ASK.replace("\"base\"", "\"sql-lora\""));
        assertThat(other.text()).contains("\"model\":\"sql-lora\"");
        assertThat(other.header("plumbline-action")).contains("not_applied");
      }
    }
  }

  @Test
  void clientsHeader_raisesToAblation_andOthersAreObservedByteForByte() throws Exception {
    try (FakeVllm vllm = new FakeVllm(true)) {
      String[] observing = VLLM.clone();
      observing[0] = "mode=observe";
      try (RunningAgent agent = Agents.reading(port(vllm), tap, observing)) {
        await(agent, "verified");
        assertThat(RawHttp.post(agent.port(), CHAT, ASK).text()).contains("evil");
        assertThat(vllm.chats).last().isEqualTo(ASK);
        assertThat(RawHttp.post(agent.port(), CHAT, ASK, "plumbline-mode: ablate").text())
            .contains("good");
      }
    }
  }

  @Test
  void admin_verifiesAndReloadsOnDemand() throws Exception {
    try (FakeVllm vllm = new FakeVllm(true);
        RunningAgent agent = Agents.reading(port(vllm), tap, VLLM)) {
      await(agent, "verified");
      vllm.effective = false;
      assertThat(RawHttp.post(agent.adminPort(), "/api/adapters/default/verify", "").status())
          .isEqualTo(202);
      await(agent, "ineffective");
      vllm.effective = true;
      assertThat(RawHttp.post(agent.adminPort(), "/api/adapters/default/reload", "").status())
          .isEqualTo(202);
      await(agent, "verified");
      assertThat(vllm.calls()).contains("POST /v1/unload_lora_adapter");
      assertThat(RawHttp.post(agent.adminPort(), "/api/adapters/none/verify", "").status())
          .isEqualTo(404);
    }
  }

  @Test
  void llama_adapterOfItsStart_isFoundVerifiedAndAskedForByItsNumber() throws Exception {
    try (FakeLlama llama = new FakeLlama()) {
      llama.has("/adapters/other");
      llama.has("/adapters/lean");
      try (RunningAgent agent =
          Agents.reading(
              port(llama),
              tap,
              "mode=ablate",
              "ablated.via=lora",
              "ablated.server=llama.cpp",
              "ablated.served-adapter=/adapters/lean",
              "ablated.verify-floor=0.5",
              "ablated.check-interval=50ms")) {
        assertThat(await(agent, "verified").at("/variant/lora_id").asInt()).isEqualTo(1);
        assertThat(RawHttp.post(agent.port(), CHAT, ASK).text()).contains("good");
        assertThat(llama.chats)
            .last()
            .isEqualTo("{\"lora\":[{\"id\":1,\"scale\":1.0}]," + ASK.substring(1));
        llama.restart();
        Agents.await("the new number", () -> life(agent).at("/variant/lora_id").asInt() == 2);
        await(agent, "verified");
        assertThat(RawHttp.post(agent.port(), CHAT, ASK).text()).contains("good");
      }
    }
  }

  private static int port(FakeServer server) {
    return server.url().getPort();
  }

  private static JsonNode life(RunningAgent agent) {
    try {
      String page = RawHttp.get(agent.adminPort(), "/api/adapters").text();
      return JSON.readTree(page).at("/origins/default");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode await(RunningAgent agent, String state) {
    Agents.await("the state " + state, () -> life(agent).path("state").asText().equals(state));
    return life(agent);
  }

  private static String metrics(RunningAgent agent) throws IOException {
    return RawHttp.get(agent.adminPort(), "/metrics").text();
  }
}
