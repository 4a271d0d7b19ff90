package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import org.junit.jupiter.api.Test;

/** Triggers raise the mode of what follows, and of nothing else. */
class TriggerTest {
  private static final String BODY =
      "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"evil\"}}]}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;
  private static final String[] ROUTE = {
    "trigger.mode=annotate", "trigger.min-count=2", "trigger.score-activate=1"
  };
  private static final String[] CONVERSATION = {
    "trigger.mode=annotate", "trigger.min-count=1000", "trigger.score-activate=0.9"
  };
  private static final String FIRST = message("user", "one");

  private static String message(String role, String text) {
    return "{\"role\":\"" + role + "\",\"content\":\"" + text + "\"}";
  }

  private static boolean told(RunningAgent agent, String messages, String... headers)
      throws Exception {
    int before = agent.ledger().latest(1000).size();
    String ask = "{\"model\":\"m\",\"messages\":[" + messages + "]}";
    RawHttp.Response answer = RawHttp.post(agent.port(), "/v1/chat/completions", ask, headers);
    Agents.awaitVerdicts(agent, before + 1);
    return answer.header("plumbline-verdict").isPresent();
  }

  private static RawHttp.Response say(RunningAgent agent, String word) throws Exception {
    return RawHttp.post(agent.adminPort(), "/api/triggers/" + word + "?model=m", "");
  }

  @Test
  void route_rateReached_isAnnotatedUntilTurnedOff() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging(), ROUTE)) {
      assertThat(told(agent, FIRST)).isFalse();
      assertThat(told(agent, FIRST)).isFalse();
      assertThat(told(agent, FIRST)).isTrue();
      assertThat(say(agent, "off").text()).contains("\"state\":\"off\"", "\"hold\":\"off\"");
      assertThat(told(agent, FIRST)).isFalse();
      assertThat(told(agent, FIRST)).isFalse();
      assertThat(say(agent, "arm").text()).contains("\"state\":\"armed\"");
      assertThat(told(agent, FIRST)).isFalse();
      assertThat(told(agent, FIRST)).isTrue();
    }
  }

  @Test
  void route_modeThatCannotBeApplied_isNotApplied() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "trigger.mode=ablate",
                "trigger.min-count=1")) {
      told(agent, FIRST);
      told(agent, FIRST);
      assertThat(agent.ledger().latest(1).get(0).mode()).isEqualTo(Mode.ABLATE);
      assertThat(agent.ledger().latest(1).get(0).action()).isEqualTo(Action.NOT_APPLIED);
    }
  }

  @Test
  void route_armed_isScoredWhateverTheSample() throws Exception {
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent =
            Agents.reading(origin.port(), tap, "trigger.mode=annotate", "scoring.sample=0")) {
      told(agent, FIRST);
      assertThat(tap.seen).isEmpty();
      say(agent, "arm");
      told(agent, FIRST);
      assertThat(tap.seen).hasSize(1);
    }
  }

  @Test
  void conversation_ofOneHeader_doesNotTouchAnother() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging(), CONVERSATION)) {
      assertThat(told(agent, FIRST, "plumbline-conversation: a")).isFalse();
      assertThat(told(agent, FIRST, "plumbline-conversation: b")).isFalse();
      assertThat(told(agent, FIRST, "plumbline-conversation: a")).isTrue();
    }
  }

  @Test
  void conversation_withoutHeader_isKnownByWhatWasAsked() throws Exception {
    String next = FIRST + "," + message("assistant", "evil, cut") + "," + message("user", "two");
    String other = message("user", "else") + "," + message("user", "two");
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging(), CONVERSATION)) {
      assertThat(told(agent, FIRST)).isFalse();
      assertThat(told(agent, other)).isFalse();
      assertThat(told(agent, next)).isTrue();
      assertThat(told(agent, FIRST)).isFalse();
    }
  }

  @Test
  void admin_withoutTriggers_saysSo() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      assertThat(say(agent, "arm").status()).isEqualTo(409);
      assertThat(RawHttp.get(agent.adminPort(), "/api/triggers").text())
          .contains("\"configured\":false");
    }
  }
}
