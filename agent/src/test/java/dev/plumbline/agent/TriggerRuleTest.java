package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.tap.DirectionReading;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Verdict;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules and scores raise the mode of one conversation; events and meters tell of it. */
class TriggerRuleTest {
  private static final String RULE = "if sly above 0.8 and misalignment above 0.6 then annotate";

  /** Of a trigger that never acts for scores or rates: what happens is the rule's. */
  private static final String[] RULES = {
    "trigger.mode=ablate",
    "trigger.min-count=1000",
    "trigger.score-arm=1",
    "trigger.score-activate=1",
    "trigger.rules.careful=" + RULE
  };

  @TempDir Path dir;

  private static String answer(String word) {
    String body =
        "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + word
            + "\"}}]}";
    return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** Drifted at 0.9 where an answer is evil; the direction {@code sly} says this beside. */
  private static ScriptedTap sly(double score) {
    return new ScriptedTap(
        text -> {
          Reading own = ScriptedTap.reading(text.answers().get(0).contains("evil") ? 0.9 : 0.1);
          return CompletableFuture.completedFuture(
              own.with(
                  Map.of(
                      "sly",
                      new DirectionReading(Verdict.of(score, 0.5), OptionalDouble.empty()))));
        });
  }

  private RunningAgent ruled(ScriptedOrigin origin, ScriptedTap tap) {
    String[] settings = new String[RULES.length + 1];
    System.arraycopy(RULES, 0, settings, 0, RULES.length);
    settings[RULES.length] = "directions.sly=" + dir;
    return Agents.reading(origin.port(), tap, settings);
  }

  private static Exchange ask(RunningAgent agent, String conversation) throws Exception {
    int before = agent.ledger().latest(1000).size();
    RawHttp.post(
        agent.port(),
        "/v1/chat/completions",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"one\"}]}",
        "plumbline-conversation: " + conversation);
    Agents.awaitVerdicts(agent, before + 1);
    return agent.ledger().latest(1).get(0);
  }

  private static String meters(RunningAgent agent) throws Exception {
    return RawHttp.get(agent.adminPort(), "/metrics").text();
  }

  @Test
  void rule_holds_raisesTheNextExchangeOfItsConversationToItsOwnMode() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer("evil"));
        RunningAgent agent = ruled(origin, sly(0.81))) {
      assertThat(ask(agent, "a").mode()).isEqualTo(Mode.OBSERVE);
      assertThat(ask(agent, "b").mode()).isEqualTo(Mode.OBSERVE);
      assertThat(ask(agent, "a").mode()).isEqualTo(Mode.ANNOTATE);
      assertThat(ask(agent, "c").mode()).isEqualTo(Mode.OBSERVE);
      assertThat(meters(agent))
          .contains("plumbline_trigger_rules_total{answer=\"holds\",rule=\"careful\"} 4.0")
          .contains("by=\"conversation\",mode=\"annotate\",model_name=\"m\"} 1.0");
    }
  }

  @Test
  void rule_oneHalfAtItsBound_raisesNothingAndIsCounted() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer("evil"));
        RunningAgent agent = ruled(origin, sly(0.8))) {
      ask(agent, "a");
      assertThat(ask(agent, "a").mode()).isEqualTo(Mode.OBSERVE);
      assertThat(meters(agent))
          .contains("plumbline_trigger_rules_total{answer=\"not\",rule=\"careful\"} 2.0");
    }
  }

  @Test
  void rule_answerAligned_raisesNothing() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer("kind"));
        RunningAgent agent = ruled(origin, sly(0.95))) {
      ask(agent, "a");
      assertThat(ask(agent, "a").mode()).isEqualTo(Mode.OBSERVE);
    }
  }

  @Test
  void rule_directionNotRead_isUnknown() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer("evil"));
        RunningAgent agent = ruled(origin, ScriptedTap.judging())) {
      ask(agent, "a");
      assertThat(ask(agent, "a").mode()).isEqualTo(Mode.OBSERVE);
      assertThat(meters(agent))
          .contains("plumbline_trigger_rules_total{answer=\"unknown\",rule=\"careful\"} 2.0");
    }
  }

  @Test
  void rule_withoutAConversation_isCountedAndRaisesNothing() throws Exception {
    String completion =
        answer("x")
            .replace("\"message\":{\"role\":\"assistant\",\"content\":\"x\"}", "\"text\":\"evil\"");
    String body = completion.substring(completion.indexOf('{'));
    String reply =
        completion.replaceFirst("content-length: \\d+", "content-length: " + body.length());
    try (ScriptedOrigin origin = ScriptedOrigin.sending(reply);
        RunningAgent agent = ruled(origin, sly(0.95))) {
      for (int i = 1; i <= 2; i++) {
        RawHttp.post(agent.port(), "/v1/completions", "{\"model\":\"m\",\"prompt\":\"one\"}");
        Agents.awaitVerdicts(agent, i);
      }
      assertThat(agent.ledger().latest(1).get(0).mode()).isEqualTo(Mode.OBSERVE);
      assertThat(meters(agent))
          .contains(
              "plumbline_trigger_rules_total{answer=\"no_conversation\",rule=\"careful\"} 2.0");
    }
  }

  @Test
  void conversation_forgottenToMakeRoom_isCountedAndBeginsAnew() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer("evil"));
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "trigger.mode=annotate",
                "trigger.min-count=1000",
                "trigger.conversations=2")) {
      for (String name : new String[] {"a", "b", "c"}) {
        ask(agent, name);
      }
      assertThat(ask(agent, "a").mode()).isEqualTo(Mode.OBSERVE);
      assertThat(meters(agent))
          .contains("plumbline_trigger_conversations 2.0")
          .contains("plumbline_trigger_evicted_total{state=\"active\"} 2.0");
    }
  }

  @Test
  void conversation_scoreReached_isToldToReadersAndCounted() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer("evil"));
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "trigger.mode=annotate",
                "trigger.min-count=1000");
        RawHttp events = new RawHttp(agent.adminPort())) {
      events.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
      events.readUntil(": verdicts follow");
      ask(agent, "a");
      assertThat(events.readUntil("event: verdict"))
          .contains("event: trigger\ndata: {\"scope\":\"conversation\"")
          .contains("\"to\":\"active\"")
          .doesNotContain("\"scope\":\"route\"");
      ask(agent, "b");
      ask(agent, "a");
      assertThat(meters(agent))
          .contains("plumbline_trigger_conversations 2.0")
          .contains("plumbline_trigger_exchanges_total{kind=\"drifted\",model_name=\"m\"} 3.0")
          .contains("by=\"conversation\",mode=\"annotate\",model_name=\"m\"} 1.0")
          .contains("plumbline_trigger_state{model_name=\"m\"} 0.0");
    }
  }

  @Test
  void conversation_raisedWhereNothingAblates_isNotAppliedAndVisible() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer("evil"));
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "trigger.mode=ablate",
                "trigger.min-count=1000")) {
      assertThat(ask(agent, "a").action()).isEqualTo(Action.NONE);
      Exchange raised = ask(agent, "a");
      assertThat(raised.mode()).isEqualTo(Mode.ABLATE);
      assertThat(raised.action()).isEqualTo(Action.NOT_APPLIED);
      assertThat(RawHttp.get(agent.adminPort(), "/api/exchanges").text()).contains("not_applied");
      assertThat(meters(agent))
          .contains("plumbline_ablations_total{model_name=\"m\",result=\"not_applied\"} 1.0")
          .contains("plumbline_trigger_exchanges_total{kind=\"drifted\",model_name=\"m\"} 2.0");
    }
  }
}
