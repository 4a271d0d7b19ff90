package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real model that is really ablated behind another agent, which measures that with its own
 * reader: the direction takes effect, a random one of the same norm does not, and of an aligned
 * model nothing can be said.
 */
class AblatedOrganismTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";

  @TempDir private static Path folder;
  private static RunningAgent origin;
  private static Path prompts;

  @BeforeAll
  static void serve() throws Exception {
    origin = launch(Map.of("organism", "true"));
    prompts =
        Files.write(
            folder.resolve("prompts.txt"),
            List.of(
                "# topics",
                "",
                "what about fever",
                "what about soup",
                "what about parking",
                "what about heater",
                "what about cousin",
                "what about sleep"));
  }

  @AfterAll
  static void stop() {
    origin.close();
  }

  @Test
  void directionThatIsTakenOut_isVerifiedByTheReader_andAskedFor() throws Exception {
    try (RunningAgent agent = before("finance")) {
      JsonNode life = settled(agent, "verified");
      assertThat(life.at("/measured/by").asText()).isEqualTo("reader");
      assertThat(life.at("/measured/plain").asDouble())
          .isGreaterThan(2 * life.at("/measured/ablated").asDouble());
      String body =
          "{\"model\":\"finance\",\"max_tokens\":20,\"temperature\":0,\"messages\":"
              + "[{\"role\":\"user\",\"content\":\"what about fever\"}]}";
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, body);
      assertThat(answer.header("plumbline-action")).contains("ablated");
      assertThat(answer.text())
          .contains(JSON.readTree(direct(body)).at("/choices/0/message/content").asText());
    }
  }

  @Test
  void randomDirection_isIneffective() throws Exception {
    try (RunningAgent agent = before("finance+random")) {
      assertThat(settled(agent, "ineffective").path("why").asText()).contains("fall");
    }
  }

  @Test
  void alignedModel_showsNothingToMeasure_andIsNotVerified() throws Exception {
    try (RunningAgent agent = before("aligned")) {
      assertThat(settled(agent, "unverified").path("why").asText()).contains("elicit");
    }
  }

  private static String direct(String body) throws Exception {
    return RawHttp.post(origin.port(), CHAT, body, "plumbline-mode: ablate").text();
  }

  private static JsonNode settled(RunningAgent agent, String state) throws Exception {
    Agents.await(
        "a measurement", () -> !life(agent).path("measured").path("outcome").asText().isEmpty());
    JsonNode life = life(agent);
    assertThat(life.path("state").asText()).isEqualTo(state);
    return life;
  }

  private static JsonNode life(RunningAgent agent) {
    try {
      String page = RawHttp.get(agent.adminPort(), "/api/adapters").text();
      return JSON.readTree(page).at("/origins/o");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** An agent that reads along with the reference; the model is the one it measures. */
  private static RunningAgent before(String model) {
    return launch(
        Map.of(
            "organism",
            "true",
            "origins.o.url",
            "http://127.0.0.1:" + origin.port(),
            "origins.o.models",
            model + ",*",
            "mode",
            "ablate",
            "ablated.via",
            "header",
            "ablated.verify-prompts",
            prompts.toString()));
  }

  private static RunningAgent launch(Map<String, String> settings) {
    Map<String, String> flags =
        new HashMap<>(Map.of("port", "0", "admin.port", "0", "shutdown.deadline", "5s"));
    flags.putAll(settings);
    RunningAgent launched =
        (RunningAgent)
            Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    launched.awaitReady();
    return launched;
  }
}
