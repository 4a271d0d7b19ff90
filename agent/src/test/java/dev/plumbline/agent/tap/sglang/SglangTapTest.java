package dev.plumbline.agent.tap.sglang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesScorer;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SglangTapTest {
  private static final String CHAT = "/v1/chat/completions";
  private final SglangTap tap = new SglangTap(1 << 16);

  @Test
  void points_areTheFinalNorm_andAnArtefactOfAnotherLayerIsRefused() {
    assertThat(tap.points()).containsExactly(TapPoint.FINAL_NORM);
    assertThatThrownBy(
            () ->
                StatesScorer.of(
                    StatesArtefacts.at(TapPoint.residPost(3)), new Fit.Exact(), tap.points()))
        .hasMessageContaining("final_norm");
  }

  @Test
  void find_openAiRoute_oneTokenWithAState_isTheWholeAnswer() {
    Pass pass = Pass.of(1, 3, 2);
    Reading reading = read(CHAT, "{}", false, whole(pass, 2, true));
    assertThat(reading.score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
    assertThat(reading.modelShift().getAsDouble()).isCloseTo(pass.shift(), within(1e-6));
  }

  @Test
  void find_openAiRoute_lastTokenOfMore_isNoReadingOfTheAnswer() {
    Pass pass = Pass.of(2, 3, 2);
    assertThat(read(CHAT, "{}", false, whole(pass, 7, true)).reason())
        .contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(read(CHAT, "{}", true, stream(pass, true)).reason())
        .contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  @Test
  void find_openAiRoute_emptyList_hasNoHiddenStates() {
    String body = "{\"choices\":[{\"index\":0,\"hidden_states\":[]}],\"usage\":{}}";
    assertThat(read(CHAT, "{}", false, body).reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  @Test
  void filter_openAiRoutes_areJsonEqualToPlainOnes() {
    Pass pass = Pass.of(3, 3, 2);
    assertThat(Pass.tree(filter(exchange(CHAT, "{}"), false, whole(pass, 2, true))))
        .isEqualTo(Pass.tree(whole(pass, 2, false)));
    assertThat(filter(exchange(CHAT, "{}"), true, stream(pass, true)))
        .isEqualTo(stream(pass, false));
    String asked = "{\"return_hidden_states\":\"last\"}";
    assertThat(filter(exchange(CHAT, asked), true, stream(pass, true)))
        .isEqualTo(stream(pass, true));
  }

  @Test
  void find_generateBatch_readsEachSequence() {
    Pass one = Pass.of(4, 3, 4);
    Pass two = Pass.of(5, 2, 6);
    String body = "[" + sequence(one) + "," + sequence(two) + "]";
    Reading reading = read("/generate", "{\"text\":[\"a\",\"b\"]}", false, body);
    assertThat(reading.tokensScored()).isEqualTo(3 + 5);
    assertThat(reading.score().getAsDouble())
        .isCloseTo(Math.max(one.score(), two.score()), within(1e-12));
  }

  @Test
  void decorate_generateStreamOfSeveral_isLeftAlone() {
    String body = "{\"text\":\"a\",\"stream\":true,\"sampling_params\":{\"n\":2}}";
    assertThat(tap.decorate(request("/generate", body))).isEmpty();
  }

  @Test
  void find_clientWantsTheLastOnly_isNoReadingOfTheAnswer() {
    Pass pass = Pass.of(6, 3, 5);
    ObjectNode body = Pass.json("{}");
    ObjectNode meta = body.putObject("meta_info").put("completion_tokens", 5);
    SglangTapContractTest.vector(meta.putArray("hidden_states").addArray(), pass.states()[6]);
    String asked = "{\"text\":\"a\",\"return_hidden_states\":\"last\"}";
    assertThat(read("/generate", asked, false, body.toString()).reason())
        .contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  @Test
  void find_hostileLists_areUnscored() {
    for (String list :
        new String[] {
          "[[[1,2]],[1,2],[1,2,3]]",
          "[[[1,2]],[1,2],[\"x\",2]]",
          "[[[1,2]],[1,2],[1 2,3]]",
          "[[[]],[],[]]",
          "{\"a\":1}",
          "7",
          "[".repeat(200) + "]".repeat(200)
        }) {
      String body = "{\"meta_info\":{\"hidden_states\":" + list + ",\"completion_tokens\":3}}";
      assertThat(read("/generate", "{}", false, body).score()).as(list).isEmpty();
    }
  }

  @Test
  void find_overTheBound_isTooLong() {
    Pass pass = Pass.of(7, 3, 40);
    SglangTap small = new SglangTap(300);
    StatesExchange exchange = small.decorate(request("/generate", "{}")).orElseThrow();
    filter(exchange, false, sequence(pass).toString());
    Found found = exchange.find(() -> false).toCompletableFuture().join();
    assertThat(((Found.Missing) found).reason()).isEqualTo(UnscoredReason.TOO_LONG);
  }

  @Test
  void find_streamCutInTheMiddleOfAnEvent_readsTheEventsBefore() {
    Pass pass = Pass.of(8, 3, 6);
    Pass before =
        new Pass(pass.prompt(), Arrays.copyOf(pass.answer(), 5), Arrays.copyOf(pass.states(), 7));
    String events = "data: " + sequence(before) + "\n\ndata: " + sequence(pass) + "\n\n";
    Reading reading = read("/generate", "{}", true, events.substring(0, events.length() - 30));
    assertThat(reading.tokensScored()).isEqualTo(4);
    assertThat(reading.score().getAsDouble()).isCloseTo(before.score(), within(1e-12));
  }

  /** One sequence of the native route. */
  private static ObjectNode sequence(Pass pass) {
    ObjectNode body = Pass.json("{}").put("text", "w");
    ObjectNode meta = body.putObject("meta_info");
    ArrayNode list = meta.putArray("hidden_states");
    ArrayNode matrix = list.addArray();
    for (int t = 0; t < pass.states().length; t++) {
      boolean prompt = t < pass.prompt().length;
      SglangTapContractTest.vector((prompt ? matrix : list).addArray(), pass.states()[t]);
    }
    meta.put("completion_tokens", pass.answer().length);
    return body;
  }

  private static String whole(Pass pass, int tokens, boolean states) {
    ObjectNode body = Pass.json("{\"id\":\"x\",\"usage\":{\"completion_tokens\":" + tokens + "}}");
    ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("content", "w");
    if (states) {
      SglangTapContractTest.vector(choice.putArray("hidden_states"), pass.answerStates()[0]);
    }
    return body.toString();
  }

  /** As the OpenAI routes stream it: the states in a chunk of their own after the finish. */
  private static String stream(Pass pass, boolean states) {
    ObjectNode extra =
        Pass.json("{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"model\":\"m\"}");
    ObjectNode choice = extra.putArray("choices").addObject().put("index", 0);
    ObjectNode delta = choice.putObject("delta").putNull("role").putNull("content");
    SglangTapContractTest.vector(delta.putArray("hidden_states"), pass.answerStates()[0]);
    choice.putNull("finish_reason");
    return "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"w\"}}]}\n\n"
        + "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"
        + "\n\n"
        + (states ? "data: " + extra + "\n\n" : "")
        + "data: [DONE]\n\n";
  }

  private Reading read(String path, String body, boolean stream, String answer) {
    StatesExchange exchange = exchange(path, body);
    filter(exchange, stream, answer);
    return StatesArtefacts.scorer(TapPoint.FINAL_NORM)
        .read(exchange.find(() -> false).toCompletableFuture().join());
  }

  private StatesExchange exchange(String path, String body) {
    return tap.decorate(request(path, body)).orElseThrow();
  }

  private static OriginRequest request(String path, String body) {
    return new OriginRequest(path, "r", body.getBytes(StandardCharsets.UTF_8));
  }

  private static String filter(StatesExchange exchange, boolean stream, String answer) {
    AnswerFilter filter = exchange.filter(stream);
    String first =
        new String(filter.feed(answer.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    return first + new String(filter.end(), StandardCharsets.UTF_8);
  }
}
