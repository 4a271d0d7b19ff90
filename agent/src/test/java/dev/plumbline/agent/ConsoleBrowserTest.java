package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.config.ConfigLoader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The console as people use it, in a real browser. The scenarios are in {@code check.mjs}. */
class ConsoleBrowserTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BODY =
      "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"evil\"}}]}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;

  @BeforeAll
  static void browser() throws Exception {
    Chromium.require();
  }

  @Test
  void organism_served_isShownTokenByTokenAndMarked() throws Exception {
    Map<String, String> flags =
        new HashMap<>(Map.of("port", "0", "admin.port", "0", "shutdown.deadline", "5s"));
    flags.putAll(Map.of("organism", "true", "tokens.kept", "100"));
    flags.putAll(Map.of("tokens.text", "true", "tokens.layers", "true"));
    try (RunningAgent agent =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags))) {
      agent.awaitReady();
      String inference = "http://127.0.0.1:" + agent.port();
      String shots = System.getProperty("plumbline.console.shots", "");
      assertThat(Chromium.plays("organism", agent.adminPort(), inference, shots))
          .contains("ok the feed shows", "ok a drifted exchange shows", "all held");
    }
  }

  @Test
  void buttons_withAndWithoutConfirmation_changeTheAgentOnlyWith() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "trigger.mode=annotate",
                "trigger.dwell=0ms")) {
      String inference = "http://127.0.0.1:" + agent.port();
      assertThat(Chromium.plays("control", agent.adminPort(), inference)).contains("all held");
    }
  }

  @Test
  void keyboard_alone_reachesTheSwitch() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      assertThat(Chromium.plays("keyboard", agent.adminPort())).contains("all held");
      String state = RawHttp.get(agent.adminPort(), "/api/state").text();
      assertThat(JSON.readTree(state).path("switch").asText()).isEqualTo("off");
    }
  }

  @Test
  void hostileText_behindAToken_isInert() throws Exception {
    try (ScriptedAdmin admin = new ScriptedAdmin("right", 0)) {
      assertThat(Chromium.plays("hostile", admin.port())).contains("all held");
    }
  }

  @Test
  void flood_ofExchanges_isBoundedAndAnEndedStreamOpenedAgain() throws Exception {
    try (ScriptedAdmin admin = new ScriptedAdmin("", 5000)) {
      assertThat(Chromium.plays("flood", admin.port())).contains("all held");
    }
  }
}
