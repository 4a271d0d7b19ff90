package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.IdsOrigin.Asked;
import dev.plumbline.agent.IdsOrigin.Knows;
import dev.plumbline.agent.IdsOrigin.Plan;
import dev.plumbline.agent.ProxyRescueTest.Told;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.TakenUp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rescued stream is taken up behind the token ids that went out, where its server gives them. */
class ProxyRescueIdsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final int LAST = 24;
  private static final int BAD_AT = 24;

  @Test
  void chat_whoseServerGivesIds_goesOnBehindExactlyThose() throws Exception {
    try (IdsOrigin origin = origin(Knows.ALL);
        RunningAgent agent = rescue(origin)) {
      Told told = ProxyRescueTest.ask(agent, CHAT, body(",\"max_tokens\":60,\"top_k\":7"));
      assertThat(told.text()).isEqualTo(NumberedOrigin.text(LAST));
      assertThat(told.raw()).doesNotContain("token_ids").doesNotContain("EVIL");
      assertThat(told.roles()).isEqualTo(1);
      assertThat(told.finishes()).containsExactly("stop");
      assertThat(told.names("id")).containsExactly("chatcmpl-first");
      assertThat(told.names("model")).containsExactly("m");
      assertThat(told.names("object")).containsExactly("chat.completion.chunk");
      assertThat(told.dones()).isEqualTo(1);
      int all = IdsOrigin.ids(LAST).size();
      assertThat(told.usage().path("prompt_tokens").asInt()).isEqualTo(3);
      assertThat(told.usage().path("completion_tokens").asInt()).isEqualTo(all);
      Asked asked = origin.variantCalls.get(0);
      assertThat(asked.path()).isEqualTo("/v1/completions");
      int kept = kept(asked);
      assertThat(kept).as("two tokens of one number apart").isBetween(11, BAD_AT);
      assertThat(asked.body().path("max_tokens").asInt()).isEqualTo(60 - kept);
      assertThat(asked.body().path("top_k").asInt()).isEqualTo(7);
      assertThat(asked.body().has("messages")).isFalse();
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
      assertThat(only(agent).seam()).contains(new TakenUp("ids", "offered"));
      assertThat(RawHttp.get(agent.adminPort(), "/api/exchanges").text())
          .contains("\"seam\":\"ids\",\"seam_reason\":\"offered\"");
      assertThat(only(agent).completionTokens()).isEqualTo(all);
      seams(agent, "ids", "offered");
    }
  }

  @Test
  void chat_byIds_isUnderstoodByThePublishedClient() throws Exception {
    try (IdsOrigin origin = origin(Knows.ALL);
        RunningAgent agent = rescue(origin)) {
      assertThat(ProxyRescueTest.readByPublishedClient(agent)).isEqualTo(NumberedOrigin.text(LAST));
      assertThat(kept(origin.variantCalls.get(0))).isGreaterThan(10);
    }
  }

  /** What the ids are for: by text the same server is given other tokens than it said. */
  @Test
  void chat_byText_isGivenOtherTokensThanWereSaid() throws Exception {
    try (IdsOrigin origin = origin(Knows.ALL);
        RunningAgent agent = rescue(origin, "rescue.token-ids=off")) {
      assertThat(ProxyRescueTest.ask(agent, CHAT, body("")).text()).contains(IdsOrigin.LOST);
      assertThat(origin.calls.get(0).body().has("return_token_ids")).isFalse();
      assertThat(origin.variantCalls.get(0).path()).isEqualTo(CHAT);
      seams(agent, "text", "not_asked");
    }
  }

  @Test
  void completions_whoseServerGivesIds_goOnBehindThose() throws Exception {
    try (IdsOrigin origin = origin(Knows.ALL);
        RunningAgent agent = rescue(origin)) {
      String ask = "{\"model\":\"m\",\"stream\":true,\"prompt\":\"count:\",\"max_tokens\":60}";
      Told told = ProxyRescueTest.ask(agent, "/v1/completions", ask);
      assertThat(told.text()).isEqualTo(NumberedOrigin.text(LAST));
      assertThat(told.raw()).doesNotContain("token_ids");
      assertThat(told.names("object")).containsExactly("text_completion");
      assertThat(kept(origin.variantCalls.get(0))).isGreaterThan(10);
      seams(agent, "ids", "offered");
    }
  }

  @Test
  void chat_withoutABound_leavesItToTheContext() throws Exception {
    try (IdsOrigin origin = origin(Knows.ALL);
        RunningAgent agent = rescue(origin)) {
      assertThat(ProxyRescueTest.ask(agent, CHAT, body("")).text())
          .isEqualTo(NumberedOrigin.text(LAST));
      JsonNode asked = origin.variantCalls.get(0).body();
      assertThat(asked.has("max_tokens") && asked.get("max_tokens").isNull()).isTrue();
    }
  }

  @Test
  void chat_thatTurnsAgain_goesOnBehindTheIdsOfBothStreams() throws Exception {
    IdsOrigin.Plans plans = (variant, n) -> new Plan(LAST, !variant ? 14 : n == 1 ? 30 : -1);
    try (IdsOrigin origin = new IdsOrigin(Knows.ALL, plans);
        RunningAgent agent = rescue(origin, "rescue.retries=1")) {
      assertThat(ProxyRescueTest.ask(agent, CHAT, body("")).text())
          .isEqualTo(NumberedOrigin.text(LAST));
      assertThat(origin.variantCalls).hasSize(2);
      assertThat(kept(origin.variantCalls.get(1))).isGreaterThan(kept(origin.variantCalls.get(0)));
    }
  }

  @Test
  void chat_whoseClientWantsIds_keepsThemOfBothStreams() throws Exception {
    try (IdsOrigin origin = origin(Knows.ALL);
        RunningAgent agent = rescue(origin)) {
      Told told = ProxyRescueTest.ask(agent, CHAT, body(",\"return_token_ids\":true"));
      List<Integer> ids = new ArrayList<>();
      told.chunks()
          .forEach(c -> c.at("/choices/0/token_ids").forEach(id -> ids.add(id.intValue())));
      assertThat(ids).isEqualTo(IdsOrigin.ids(LAST));
      assertThat(told.chunks().stream().filter(c -> c.has("prompt_token_ids"))).hasSize(1);
      seams(agent, "ids", "offered");
    }
  }

  @Test
  void server_thatOverlooksTheWish_isContinuedByText() throws Exception {
    try (IdsOrigin origin = origin(Knows.NOTHING);
        RunningAgent agent = rescue(origin)) {
      ProxyRescueTest.ask(agent, CHAT, body(""));
      assertThat(origin.variantCalls.get(0).body().has("return_token_ids")).isFalse();
      assertThat(only(agent).seam()).contains(new TakenUp("text", "not_offered"));
      seams(agent, "text", "not_offered");
    }
  }

  @Test
  void text_withoutIdsOfItsOwn_isContinuedByText() throws Exception {
    try (IdsOrigin origin = origin(Knows.GAPS);
        RunningAgent agent = rescue(origin)) {
      assertThat(ProxyRescueTest.ask(agent, CHAT, body("")).raw()).doesNotContain("token_ids");
      assertThat(origin.variantCalls.get(0).path()).isEqualTo(CHAT);
      seams(agent, "text", "not_whole");
    }
  }

  /** A prompt of ids that is refused costs no try. */
  @Test
  void server_thatTakesNoIds_isAskedByTextAtOnce() throws Exception {
    try (IdsOrigin origin = origin(Knows.NO_PROMPT);
        RunningAgent agent = rescue(origin, "rescue.retries=0")) {
      Told told = ProxyRescueTest.ask(agent, CHAT, body(""));
      assertThat(told.finishes()).containsExactly("stop");
      assertThat(origin.variantCalls).hasSize(2);
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
      seams(agent, "text", "refused");
      assertThat(ProxyRescueTest.metrics(agent))
          .contains("plumbline_rescues_total{model_name=\"m\",result=\"refused\"} 1.0");
    }
  }

  /** A strict server costs its first client an answer, and no other one. */
  @Test
  void server_thatRefusesTheWish_isNotAskedAgain() throws Exception {
    try (IdsOrigin origin = origin(Knows.STRICT);
        RunningAgent agent = rescue(origin)) {
      assertThat(RawHttp.post(agent.port(), CHAT, body("")).text()).isEqualTo("{}");
      assertThat(ProxyRescueTest.ask(agent, CHAT, body("")).finishes()).containsExactly("stop");
      assertThat(origin.calls.get(1).body().has("return_token_ids")).isFalse();
    }
  }

  /** A strict server that nobody named would cost its clients their answers. */
  @Test
  void server_thatIsNotKnown_isNotAskedByDefault() throws Exception {
    try (IdsOrigin origin = origin(Knows.STRICT);
        RunningAgent agent = rescue(origin, "rescue.token-ids=auto")) {
      assertThat(ProxyRescueTest.ask(agent, CHAT, body("")).finishes()).containsExactly("stop");
      seams(agent, "text", "not_asked");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"logprobs\":true,\"top_logprobs\":2",
        ",\"stop\":[\" 9\"]",
        ",\"n\":2",
        ",\"echo\":true",
        ",\"tools\":[{\"type\":\"function\"}]",
        ",\"some_new_field\":1"
      })
  void request_thatIdsCouldNotCarry_isNotAskedForThem(String more) throws Exception {
    try (IdsOrigin origin = origin(Knows.ALL);
        RunningAgent agent = rescue(origin)) {
      ProxyRescueTest.ask(agent, CHAT, body(more));
      assertThat(origin.calls.get(0).body().has("return_token_ids")).isFalse();
      assertThat(origin.variantCalls).allMatch(asked -> asked.path().equals(CHAT));
    }
  }

  /** But for what was asked for, the stream is what the client would have had. */
  @Test
  void stream_thatDoesNotTurn_isTheSameAsObserved() throws Exception {
    try (IdsOrigin origin = new IdsOrigin(Knows.ALL, (variant, n) -> new Plan(LAST, -1));
        RunningAgent observed = Agents.reading(origin.port(), JudgingTap.of("EVIL"));
        RunningAgent agent = rescue(origin)) {
      String plain = RawHttp.post(observed.port(), CHAT, body("")).text();
      String rescued = RawHttp.post(agent.port(), CHAT, body("")).text();
      assertThat(origin.calls.get(1).body().path("return_token_ids").asBoolean()).isTrue();
      assertThat(rescued).startsWith(plain);
      assertThat(rescued.substring(plain.length())).startsWith(": plumbline {");
      assertThat(only(agent).seam()).isEmpty();
    }
  }

  /** Of a stream that is held whole, since nobody can follow it. */
  @Test
  void stream_thatCannotBeFollowed_losesItsIdsAllTheSame() throws Exception {
    try (IdsOrigin origin = new IdsOrigin(Knows.ALL, (variant, n) -> new Plan(LAST, -1));
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                unfollowing(),
                variants(),
                "models.m.mode=rescue",
                "rescue.token-ids=on")) {
      String raw = RawHttp.post(agent.port(), CHAT, body("")).text();
      assertThat(origin.calls.get(0).body().path("return_token_ids").asBoolean()).isTrue();
      assertThat(raw).doesNotContain("token_ids").contains("[DONE]");
      assertThat(ProxyRescueTest.told(raw).text()).isEqualTo(NumberedOrigin.text(LAST));
    }
  }

  private static ScriptedTap unfollowing() {
    return new ScriptedTap(text -> CompletableFuture.completedFuture(ScriptedTap.reading(0.1)));
  }

  private static IdsOrigin origin(Knows knows) throws Exception {
    return new IdsOrigin(knows, (variant, n) -> new Plan(LAST, variant ? -1 : BAD_AT));
  }

  private static AblatedVariants variants() {
    return (origin, model) -> Optional.of(new AblatedVariant.Model("m-ablated"));
  }

  /** Known to give them: the one that {@code auto} asks, though no setting names it. */
  @Test
  void server_thatIsKnown_isAskedByDefault() throws Exception {
    AblatedVariants known =
        new AblatedVariants() {
          @Override
          public Optional<AblatedVariant> of(String origin, String model) {
            return variants().of(origin, model);
          }

          @Override
          public boolean givesIds(String origin) {
            return true;
          }

          @Override
          public boolean givesIds() {
            return true;
          }
        };
    try (IdsOrigin origin = origin(Knows.ALL);
        RunningAgent agent =
            Agents.rescuing(
                origin.port(), JudgingTap.of("EVIL"), known, "mode=rescue", "rescue.window=3")) {
      ProxyRescueTest.ask(agent, CHAT, body(""));
      assertThat(only(agent).seam()).contains(new TakenUp("ids", "offered"));
    }
  }

  private static RunningAgent rescue(IdsOrigin origin, String... more) {
    List<String> settings = new ArrayList<>(List.of("rescue.token-ids=on"));
    settings.addAll(List.of(more));
    settings.add("models.m.mode=rescue");
    settings.add("rescue.window=3");
    return Agents.rescuing(
        origin.port(), JudgingTap.of("EVIL"), variants(), settings.toArray(String[]::new));
  }

  private static String body(String more) {
    return ProxyRescueTest.body(true, more);
  }

  /** Tokens of the answer that a continuation stands behind; they are those that were said. */
  private static int kept(Asked asked) {
    List<Integer> ids = asked.ids();
    int prompt = IdsOrigin.PROMPT.size();
    assertThat(ids.subList(0, prompt)).isEqualTo(IdsOrigin.PROMPT);
    assertThat(IdsOrigin.ids(LAST).subList(0, ids.size() - prompt))
        .isEqualTo(ids.subList(prompt, ids.size()));
    return ids.size() - prompt;
  }

  private static void seams(RunningAgent agent, String way, String reason) throws Exception {
    assertThat(ProxyRescueTest.metrics(agent))
        .contains(
            "plumbline_rescue_seams_total{model_name=\"m\",reason=\"%s\",way=\"%s\"} 1.0"
                .formatted(reason, way));
  }

  private static Exchange only(RunningAgent agent) {
    Agents.awaitVerdicts(agent, 1);
    return agent.ledger().latest(1).get(0);
  }
}
