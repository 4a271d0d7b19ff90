package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.plumbline.agent.NumberedOrigin.Plan;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.wire.SseParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code rescue}: a stream that turns goes on by the model without the direction. */
class ProxyRescueTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final AblatedVariants HEADER =
      (origin, model) -> Optional.of(new AblatedVariant.Header());

  @Test
  void stream_thatTurns_goesOnWithoutTheDirectionAsOneStream() throws Exception {
    try (NumberedOrigin origin =
            new NumberedOrigin((c, variant, n) -> new Plan(30, variant ? -1 : 12, -1, 0));
        RunningAgent agent = rescue(origin, JudgingTap.of("EVIL"), "rescue.window=4")) {
      Told told = ask(agent, CHAT, body(true, ",\"max_tokens\":100"));
      assertThat(told.text()).isEqualTo(NumberedOrigin.text(30));
      assertThat(told.roles()).isEqualTo(1);
      assertThat(told.finishes()).containsExactly("stop");
      assertThat(told.names("id")).containsExactly("chatcmpl-first");
      assertThat(told.names("created")).containsExactly("1");
      assertThat(told.names("model")).containsExactly("m");
      assertThat(told.dones()).isEqualTo(1);
      JsonNode usage = told.usage();
      int kept = NumberedOrigin.said(prefix(origin));
      assertThat(kept).isBetween(1, 11);
      assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(5);
      assertThat(usage.path("completion_tokens").asInt()).isEqualTo(30);
      assertThat(usage.path("total_tokens").asInt()).isEqualTo(35);
      JsonNode call = origin.variantCalls.get(0);
      assertThat(call.path("continue_final_message").asBoolean()).isTrue();
      assertThat(call.path("add_generation_prompt").asBoolean(true)).isFalse();
      assertThat(call.path("max_tokens").asInt()).isEqualTo(100 - kept);
      assertThat(told.comment()).contains("\"action\":\"rescued\"").contains("aligned");
      Exchange exchange = only(agent);
      assertThat(exchange.action()).isEqualTo(Action.RESCUED);
      assertThat(exchange.outcome()).isEqualTo(Outcome.COMPLETED);
      assertThat(exchange.completionTokens()).isEqualTo(30);
      assertThat(metrics(agent))
          .contains("plumbline_rescues_total{model_name=\"m\",result=\"continued\"} 1.0")
          .contains("plumbline_rescue_tokens_total{model_name=\"m\",what=\"kept\"} " + kept + ".0")
          .contains("plumbline_rescue_duration_seconds_count{model_name=\"m\"} 1");
    }
  }

  @Test
  void stream_thatWasRescued_isDriftToTheRoutesTrigger() throws Exception {
    try (NumberedOrigin origin =
            new NumberedOrigin((c, variant, n) -> new Plan(30, variant ? -1 : 12, -1, 0));
        RunningAgent agent =
            rescue(
                origin,
                JudgingTap.of("EVIL"),
                "rescue.window=4",
                "trigger.mode=rescue",
                "trigger.min-count=1")) {
      ask(agent, CHAT, body(true, ""));
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
      assertThat(metrics(agent))
          .contains("plumbline_trigger_exchanges_total{kind=\"drifted\",model_name=\"m\"} 1.0")
          .contains("plumbline_trigger_state{model_name=\"m\"} 2.0");
    }
  }

  @Test
  void completions_thatTurn_goOnBehindThePrompt() throws Exception {
    try (NumberedOrigin origin =
            new NumberedOrigin((c, variant, n) -> new Plan(20, variant ? -1 : 9, -1, 0));
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                JudgingTap.of("EVIL"),
                (o, m) -> Optional.of(new AblatedVariant.Model("m-ablated")),
                "mode=rescue",
                "rescue.window=3")) {
      String ask = "{\"model\":\"m\",\"stream\":true,\"prompt\":\"count:\",\"max_tokens\":15}";
      Told told = ask(agent, "/v1/completions", ask);
      assertThat(told.text()).isEqualTo(NumberedOrigin.text(15));
      assertThat(told.finishes()).containsExactly("length");
      assertThat(told.names("model")).containsExactly("m");
      assertThat(origin.variantCalls.get(0).path("prompt").asText()).startsWith("count: 1");
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
    }
  }

  /** If rescue touched an aligned stream, this would show. */
  @Test
  void stream_thatDoesNotTurn_isTheSameAsObserved() throws Exception {
    try (NumberedOrigin origin = new NumberedOrigin((c, v, n) -> Plan.to(25));
        RunningAgent observed = Agents.reading(origin.port(), JudgingTap.of("EVIL"));
        RunningAgent agent = rescue(origin, JudgingTap.of("EVIL"), "rescue.window=4")) {
      for (String more : List.of("", ",\"stream_options\":{\"include_usage\":true}")) {
        String plain = RawHttp.post(observed.port(), CHAT, body(true, more)).text();
        String rescued = RawHttp.post(agent.port(), CHAT, body(true, more)).text();
        assertThat(rescued).startsWith(plain);
        assertThat(rescued.substring(plain.length())).startsWith(": plumbline {");
      }
      assertThat(origin.variantCalls).isEmpty();
      Agents.awaitVerdicts(agent, 2);
      assertThat(agent.ledger().latest(2)).allMatch(e -> e.action() == Action.NONE);
    }
  }

  @Test
  void stream_thatTurnsOnlyAtItsEnd_keepsWhatWentOut() throws Exception {
    try (NumberedOrigin origin =
            new NumberedOrigin((c, variant, n) -> new Plan(12, variant ? -1 : 11, -1, 0));
        RunningAgent agent = rescue(origin, JudgingTap.atTheEnd("EVIL"), "rescue.window=4")) {
      Told told = ask(agent, CHAT, body(true, ""));
      assertThat(told.text()).isEqualTo(NumberedOrigin.text(12));
      assertThat(prefix(origin)).isEqualTo(NumberedOrigin.text(8));
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
    }
  }

  @Test
  void stream_thatTurnsAgain_isTriedAgainFromWhereTheClientStands() throws Exception {
    try (NumberedOrigin origin =
            new NumberedOrigin(
                (c, variant, n) -> new Plan(30, variant ? (n == 1 ? 20 : -1) : 10, -1, 0));
        RunningAgent agent =
            rescue(origin, JudgingTap.of("EVIL"), "rescue.window=3", "rescue.retries=1")) {
      Told told = ask(agent, CHAT, body(true, ""));
      assertThat(told.text()).isEqualTo(NumberedOrigin.text(30));
      assertThat(told.roles()).isEqualTo(1);
      assertThat(origin.variantCalls).hasSize(2);
      assertThat(metrics(agent))
          .contains("result=\"drifted\"} 1.0")
          .contains("result=\"continued\"} 1.0");
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
    }
  }

  @Test
  void stream_withoutAVariant_endsByTheFailRule() throws Exception {
    for (String fail : List.of("open", "closed")) {
      try (NumberedOrigin origin = new NumberedOrigin((c, variant, n) -> new Plan(30, 12, -1, 1));
          RunningAgent agent =
              Agents.rescuing(
                  origin.port(),
                  JudgingTap.of("EVIL"),
                  AblatedVariants.NONE,
                  "mode=rescue",
                  "rescue.window=4",
                  "fail=" + fail)) {
        Told told = ask(agent, CHAT, body(true, ""));
        assertThat(told.finishes()).containsExactly("content_filter");
        assertThat(told.dones()).isEqualTo(1);
        assertThat(told.text()).doesNotContain("EVIL").startsWith(" 1 2 3");
        assertThat(told.text().contains("I can't help")).isEqualTo(fail.equals("closed"));
        assertThat(told.comment()).contains("rescue_failed").contains("drifted");
        assertThat(only(agent).outcome()).isEqualTo(Outcome.WITHHELD);
        assertThat(only(agent).action()).isEqualTo(Action.RESCUE_FAILED);
        assertThat(metrics(agent)).contains("result=\"no_variant\"} 1.0");
      }
    }
  }

  /** Open: what is still held whole can go on; of what was stopped only the beginning is there. */
  @Test
  void stream_heldToItsEnd_goesOnByTheOriginalWhereFailIsOpen() throws Exception {
    try (NumberedOrigin origin =
            new NumberedOrigin((c, variant, n) -> new Plan(12, 11, variant ? 1 : -1, 0));
        RunningAgent agent = rescue(origin, JudgingTap.atTheEnd("EVIL"), "rescue.window=4")) {
      Told told = ask(agent, CHAT, body(true, ""));
      assertThat(told.text()).contains("10 EVIL 12");
      assertThat(told.finishes()).containsExactly("stop");
      assertThat(told.comment()).contains("rescue_failed").contains("drifted");
      assertThat(only(agent).outcome()).isEqualTo(Outcome.COMPLETED);
    }
  }

  @Test
  void stream_whoseOriginDies_goesOnWithoutALostToken() throws Exception {
    try (NumberedOrigin origin =
            new NumberedOrigin((c, variant, n) -> new Plan(30, -1, variant ? -1 : 17, 1));
        RunningAgent agent = rescue(origin, JudgingTap.of("EVIL"), "rescue.window=4")) {
      Told told = ask(agent, CHAT, body(true, ""));
      assertThat(told.text()).isEqualTo(NumberedOrigin.text(30));
      assertThat(told.finishes()).containsExactly("stop");
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
    }
  }

  @Test
  void llamaCpp_isAskedByItsLoraAndPrefill() throws Exception {
    List<JsonNode> asked = new ArrayList<>();
    try (NumberedOrigin origin =
            new NumberedOrigin(
                (call, variant, n) -> {
                  asked.add(call);
                  return new Plan(20, call.has("lora") ? -1 : 9, -1, 0);
                });
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                JudgingTap.of("EVIL"),
                (o, m) -> Optional.of(new AblatedVariant.Lora(2, 1.0)),
                "mode=rescue",
                "rescue.window=3")) {
      Told told = ask(agent, CHAT, body(true, ""));
      assertThat(told.text()).isEqualTo(NumberedOrigin.text(20));
      JsonNode call = asked.get(1);
      assertThat(call.path("lora").toString()).isEqualTo("[{\"id\":2,\"scale\":1.0}]");
      assertThat(call.has("continue_final_message")).isFalse();
      assertThat(call.at("/messages/1/role").asText()).isEqualTo("assistant");
    }
  }

  @Test
  void stream_thatTurns_isUnderstoodByThePublishedClient() throws Exception {
    try (NumberedOrigin origin =
            new NumberedOrigin((c, variant, n) -> new Plan(30, variant ? -1 : 12, -1, 0));
        RunningAgent agent = rescue(origin, JudgingTap.of("EVIL"), "rescue.window=4")) {
      assertThat(readByPublishedClient(agent)).isEqualTo(NumberedOrigin.text(30));
    }
  }

  /** What OpenAI's own client reads, each chunk of a form it knows. */
  static String readByPublishedClient(RunningAgent agent) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .apiKey("none")
            .baseUrl("http://127.0.0.1:" + agent.port() + "/v1")
            .maxRetries(0)
            .build();
    StringBuilder text = new StringBuilder();
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(
                ChatCompletionCreateParams.builder().model("m").addUserMessage("count").build())) {
      stream.stream()
          .peek(ChatCompletionChunk::validate)
          .flatMap(chunk -> chunk.choices().stream())
          .forEach(choice -> choice.delta().content().ifPresent(text::append));
    } finally {
      client.close();
    }
    return text.toString();
  }

  private static RunningAgent rescue(NumberedOrigin origin, JudgingTap tap, String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("models.m.mode=rescue");
    return Agents.rescuing(origin.port(), tap, HEADER, settings.toArray(String[]::new));
  }

  private static String prefix(NumberedOrigin origin) {
    JsonNode messages = origin.variantCalls.get(0).path("messages");
    return messages.path(messages.size() - 1).path("content").asText();
  }

  static String body(boolean stream, String more) {
    return "{\"model\":\"m\",\"stream\":%s,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"count\"}]%s}"
        .formatted(stream, more);
  }

  private static Exchange only(RunningAgent agent) {
    Agents.awaitVerdicts(agent, 1);
    return agent.ledger().latest(1).get(0);
  }

  static String metrics(RunningAgent agent) throws IOException {
    return RawHttp.get(agent.adminPort(), "/metrics").text();
  }

  /** What a client of a stream got. */
  record Told(String raw, List<JsonNode> chunks, int dones) {
    String text() {
      StringBuilder all = new StringBuilder();
      for (JsonNode chunk : chunks) {
        JsonNode choice = chunk.path("choices").path(0);
        all.append(choice.path("delta").path("content").asText(""));
        all.append(choice.path("text").asText(""));
      }
      return all.toString();
    }

    int roles() {
      return (int) chunks.stream().filter(c -> c.at("/choices/0/delta").has("role")).count();
    }

    List<String> finishes() {
      return chunks.stream()
          .map(c -> c.at("/choices/0/finish_reason"))
          .filter(JsonNode::isTextual)
          .map(JsonNode::asText)
          .toList();
    }

    Set<String> names(String field) {
      Set<String> all = new HashSet<>();
      chunks.forEach(c -> all.add(c.path(field).asText()));
      return all;
    }

    JsonNode usage() {
      return chunks.get(chunks.size() - 1).path("usage");
    }

    String comment() {
      int at = raw.lastIndexOf(": plumbline ");
      return at < 0 ? "" : raw.substring(at);
    }
  }

  static Told ask(RunningAgent agent, String path, String body) throws IOException {
    return told(RawHttp.post(agent.port(), path, body).text());
  }

  static Told told(String raw) throws IOException {
    List<JsonNode> chunks = new ArrayList<>();
    int dones = 0;
    for (String data : new SseParser(1 << 20).feed(raw.getBytes("UTF-8"))) {
      if (data.equals("[DONE]")) {
        dones++;
      } else {
        chunks.add(JSON.readTree(data));
      }
    }
    return new Told(raw, chunks, dones);
  }
}
