package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.cli.PlumblineCommand;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Off: a plain proxy, visible as such; on again: what it was. */
class KillSwitchTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String WHOLE = "{\"choices\":[{\"message\":{\"content\":\"evil\"}}]}";

  private final ScriptedTap tap = ScriptedTap.judging();

  @Test
  void off_nothingIsReadOrSaidAndEachExchangeIsCounted() throws IOException {
    try (ScriptedOrigin origin = origin();
        RunningAgent agent = Agents.reading(origin.port(), tap, "mode=annotate")) {
      assertThat(ask(agent).header("plumbline-verdict")).contains("drifted");
      assertThat(admin(agent, "POST", "off").text()).contains("\"switch\":\"off\"");
      RawHttp.Response off = ask(agent, "X-Request-Id: off-1");
      assertThat(off.text()).isEqualTo(WHOLE);
      assertThat(off.header("plumbline-verdict")).isEmpty();
      Agents.awaitVerdicts(agent, 2);
      Exchange exchange = agent.ledger().find("off-1").orElseThrow();
      assertThat(exchange.reading().reason()).contains(UnscoredReason.OFF);
      assertThat(exchange.model()).isEmpty();
      assertThat(tap.seen).hasSize(1);
      assertThat(page(agent))
          .contains("plumbline_off 1.0")
          .contains("plumbline_switched_total{to=\"off\"} 1.0")
          .contains("plumbline_annotations_total{result=\"not_applied\"} 1.0");
      admin(agent, "POST", "on");
      assertThat(ask(agent).header("plumbline-verdict")).contains("drifted");
      assertThat(page(agent)).contains("plumbline_off 0.0");
    }
  }

  @Test
  void off_modeHeaders_areNotActedOnAndThatIsSaid() throws IOException {
    try (ScriptedOrigin origin = origin();
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      admin(agent, "POST", "off");
      assertThat(ask(agent, "plumbline-mode: ablate").status()).isEqualTo(200);
      assertThat(ask(agent, "plumbline-mode: shield").status()).isEqualTo(200);
      Agents.awaitVerdicts(agent, 2);
      assertThat(agent.ledger().latest(2))
          .extracting(Exchange::action)
          .containsExactlyInAnyOrder(Action.NOT_APPLIED, Action.NONE);
      assertThat(page(agent)).contains("plumbline_annotations_total{result=\"not_applied\"} 1.0");
    }
  }

  @Test
  void state_isShownAndTurningTwiceIsOneTurn() throws IOException {
    try (ScriptedOrigin origin = origin();
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      assertThat(admin(agent, "GET", "state").text()).contains("\"switch\":\"on\",\"since\":\"");
      admin(agent, "POST", "off");
      admin(agent, "POST", "off");
      assertThat(admin(agent, "GET", "off").status()).isIn(404, 405);
      assertThat(admin(agent, "GET", "state").text()).contains("\"switch\":\"off\"");
      assertThat(page(agent)).contains("plumbline_switched_total{to=\"off\"} 1.0");
    }
  }

  @Test
  void commands_turnIt_andSayWhenTheyCannot() throws IOException {
    try (ScriptedOrigin origin = origin();
        RunningAgent agent = Agents.reading(origin.port(), tap);
        RunningAgent serving = Agents.serving(new ScriptedModels())) {
      assertThat(run("off", agent.adminPort())).isZero();
      assertThat(admin(agent, "GET", "state").text()).contains("\"switch\":\"off\"");
      assertThat(run("on", agent.adminPort())).isZero();
      assertThat(admin(agent, "GET", "state").text()).contains("\"switch\":\"on\"");
      assertThat(run("off", serving.adminPort())).isEqualTo(3);
      assertThat(run("off", 1)).isEqualTo(1);
    }
  }

  private static int run(String command, int port) {
    CommandLine line = PlumblineCommand.create(config -> null, Map.of());
    line.setOut(new PrintWriter(new StringWriter()));
    line.setErr(new PrintWriter(new StringWriter()));
    return line.execute(command, "--admin", "http://127.0.0.1:" + port);
  }

  private static RawHttp.Response ask(RunningAgent agent, String... headers) throws IOException {
    return RawHttp.post(agent.port(), CHAT, ASK, headers);
  }

  private static RawHttp.Response admin(RunningAgent agent, String method, String what)
      throws IOException {
    try (RawHttp http = new RawHttp(agent.adminPort())) {
      http.send(
          method + " /api/" + what + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
      return http.read(false);
    }
  }

  private static String page(RunningAgent agent) throws IOException {
    return RawHttp.get(agent.adminPort(), "/metrics").text();
  }

  private static ScriptedOrigin origin() throws IOException {
    return ScriptedOrigin.sending(
        "HTTP/1.1 200 OK\r\nContent-Length: " + WHOLE.length() + "\r\n\r\n" + WHOLE);
  }
}
