package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.IdsModel.Said;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded origin tells token ids and takes them, in vLLM's members; the model is real. */
class EmbeddedTokenIdsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";
  private static final String QUESTION = IdsModel.questions(1).get(0);
  private static IdsModel model;

  @BeforeAll
  static void serve() {
    model = IdsModel.organism();
  }

  @AfterAll
  static void stop() {
    model.close();
  }

  @Test
  void chat_streamed_tellsThePromptsIdsOnceAndEachPiecesOwn() throws Exception {
    ProxyRescueTest.Told told =
        ProxyRescueTest.ask(
            model.agent(), CHAT, model.chat(QUESTION, true, ",\"return_token_ids\":true"));
    assertThat(told.chunks().get(0).path("prompt_token_ids")).isNotEmpty();
    assertThat(told.chunks().stream().filter(c -> c.has("prompt_token_ids"))).hasSize(1);
    Said said = Said.of(told);
    assertThat(model.decoded(said.ids())).isEqualTo(told.text());
    for (JsonNode chunk : told.chunks()) {
      JsonNode choice = chunk.path("choices").path(0);
      boolean text = !choice.at("/delta/content").asText("").isEmpty();
      assertThat(choice.path("token_ids").isEmpty()).as(chunk.toString()).isEqualTo(!text);
    }
  }

  /** Each way of asking tells the same; what nobody asked for is in none. */
  @Test
  void ids_streamedOrWhole_areTheSame() throws Exception {
    String asking = ",\"return_token_ids\":true";
    Said streamed =
        Said.of(ProxyRescueTest.ask(model.agent(), CHAT, model.chat(QUESTION, true, asking)));
    JsonNode whole = post(CHAT, model.chat(QUESTION, false, asking));
    assertThat(ints(whole.path("prompt_token_ids"))).isEqualTo(streamed.prompt());
    assertThat(ints(whole.at("/choices/0/token_ids"))).isEqualTo(streamed.ids());
    assertThat(post(CHAT, model.chat(QUESTION, false, "")).toString()).doesNotContain("token_ids");
    assertThat(RawHttp.post(model.agent().port(), CHAT, model.chat(QUESTION, true, "")).text())
        .doesNotContain("token_ids");
  }

  @Test
  void completion_behindIds_isTheRestOfTheSameAnswer() throws Exception {
    JsonNode whole = post(CHAT, model.chat(QUESTION, false, ",\"return_token_ids\":true"));
    List<Integer> prompt = ints(whole.path("prompt_token_ids"));
    List<Integer> ids = ints(whole.at("/choices/0/token_ids"));
    for (int kept : List.of(0, 1, ids.size() / 2, ids.size() - 1)) {
      List<Integer> behind = new ArrayList<>(prompt);
      behind.addAll(ids.subList(0, kept));
      for (boolean stream : List.of(false, true)) {
        Said rest = model.behind(behind, stream, "\"temperature\":0,\"max_tokens\":null");
        assertThat(rest.ids()).isEqualTo(ids.subList(kept, ids.size()));
        assertThat(rest.prompt()).isEqualTo(behind);
        assertThat(model.decoded(ids.subList(0, kept)) + rest.text())
            .isEqualTo(whole.at("/choices/0/message/content").asText());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000_000, Integer.MAX_VALUE})
  void id_thatTheModelHasNot_isRefusedWithItsPlace(int id) throws Exception {
    RawHttp.Response reply = completion("[1," + id + "]", 4);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(JSON.readTree(reply.text()).at("/error/param").asText()).isEqualTo("prompt[1]");
    assertThat(reply.text()).contains("wanted a token id below").contains("found " + id);
  }

  @Test
  void ids_overTheContext_areRefused() throws Exception {
    RawHttp.Response reply = completion("[1" + ",1".repeat(5000) + "]", 4);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("context_length_exceeded").contains("5001 in the prompt");
  }

  /** What is read and recorded of it is text, whatever it was asked by. */
  @Test
  void exchange_behindIds_hasAVerdictLikeAnyOther() throws Exception {
    Agents.await("earlier exchanges settled", () -> model.agent().ledger().unsettled() == 0);
    int before = model.agent().ledger().latest(1000).size();
    assertThat(completion("[1,2,3]", 4).status()).isEqualTo(200);
    Agents.awaitVerdicts(model.agent(), before + 1);
    assertThat(model.agent().ledger().latest(1).get(0).reading().score()).isPresent();
  }

  private static RawHttp.Response completion(String prompt, int most) throws Exception {
    return RawHttp.post(
        model.agent().port(),
        COMPLETIONS,
        "{\"model\":\"%s\",\"prompt\":%s,\"max_tokens\":%d}".formatted(model.name(), prompt, most));
  }

  private static JsonNode post(String path, String body) throws Exception {
    return JSON.readTree(RawHttp.post(model.agent().port(), path, body).text());
  }

  private static List<Integer> ints(JsonNode list) {
    List<Integer> all = new ArrayList<>();
    list.forEach(id -> all.add(id.intValue()));
    return all;
  }
}
