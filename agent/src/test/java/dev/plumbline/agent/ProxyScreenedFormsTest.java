package dev.plumbline.agent;

import static dev.plumbline.agent.EventOrigin.DONE;
import static dev.plumbline.agent.EventOrigin.chat;
import static dev.plumbline.agent.EventOrigin.says;
import static dev.plumbline.agent.EventOrigin.stop;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.ProxyRescueTest.Told;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Screened streams of more than one text: choices, forms, tool calls, reasoning, other routes. */
class ProxyScreenedFormsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String TOOL =
      "\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]";
  private static final String MESSAGE_START =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_ID\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"MODEL\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n"
          + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
  private static final String MESSAGE_STOP =
      "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
          + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9}}\n\n"
          + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

  @Test
  void choices_oneDrifts_areGivenAnewUnderTheFirstName() throws Exception {
    String evil = says(0, " a", " b") + says(1, " c", " EVIL") + stop(0) + stop(1) + DONE;
    String kind = says(0, " x") + says(1, " y") + stop(0) + stop(1) + DONE;
    try (EventOrigin origin = new EventOrigin(evil, kind);
        RunningAgent agent = rescue(origin)) {
      Told told = ProxyRescueTest.ask(agent, CHAT, ProxyRescueTest.body(true, ",\"n\":2"));
      assertThat(told.raw()).doesNotContain("EVIL").contains("\" x\"", "\" y\"");
      assertThat(told.names("id")).containsExactly("first");
      assertThat(told.names("model")).containsExactly("m");
      assertThat(told.finishes()).containsExactly("stop", "stop");
      assertThat(told.dones()).isEqualTo(1);
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
      assertThat(origin.variantCalls.get(0).path("n").asInt()).isEqualTo(2);
      assertThat(ProxyRescueTest.metrics(agent)).contains("result=\"anew\"} 1.0");
      heldWhole(agent, "choices");
    }
  }

  /** Half a JSON text continued under a grammar would begin a second one. */
  @Test
  void form_drifts_isGivenAnewFromItsBeginning() throws Exception {
    String evil = says(0, "{", "EVIL", "}") + stop(0) + DONE;
    try (EventOrigin origin = new EventOrigin(evil, says(0, "{}") + stop(0) + DONE);
        RunningAgent agent = rescue(origin)) {
      String form = ",\"response_format\":{\"type\":\"json_object\"}";
      Told told = ProxyRescueTest.ask(agent, CHAT, ProxyRescueTest.body(true, form));
      assertThat(told.text()).isEqualTo("{}");
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
      assertThat(origin.variantCalls.get(0).path("messages")).hasSize(1);
      heldWhole(agent, "form");
    }
  }

  @Test
  void toolCall_behindText_isDroppedWithADriftedAnswer() throws Exception {
    String evil =
        says(0, " a", " b", " c", " EVIL") + chat(0, TOOL) + says(0, " d") + stop(0) + DONE;
    String rest = says(0, " fine") + chat(0, TOOL) + stop(0) + DONE;
    try (EventOrigin origin = new EventOrigin(evil, rest);
        RunningAgent agent = rescue(origin)) {
      Told told = ProxyRescueTest.ask(agent, CHAT, ProxyRescueTest.body(true, ""));
      assertThat(told.text()).endsWith(" fine").doesNotContain("EVIL");
      assertThat(told.raw().split("weather", -1)).hasSize(2);
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
    }
  }

  @Test
  void toolCall_ofAnAlignedAnswer_passes() throws Exception {
    String stream = says(0, " a", " b") + chat(0, TOOL) + stop(0) + DONE;
    try (EventOrigin origin = new EventOrigin(stream, "");
        RunningAgent agent = rescue(origin)) {
      String raw = ProxyRescueTest.ask(agent, CHAT, ProxyRescueTest.body(true, "")).raw();
      assertThat(raw).startsWith(stream.replace("ID", "first").replace("MODEL", "m"));
      assertThat(only(agent).action()).isEqualTo(Action.NONE);
    }
  }

  /** Nothing could be taken up behind a thought: it stays until the verdict on the whole. */
  @Test
  void reasoning_drifted_isGivenAnewWithItsAnswer() throws Exception {
    String thought = chat(0, "\"reasoning_content\":\"hm\"");
    String evil = thought + says(0, " a", " b", " c", " d", " EVIL") + stop(0) + DONE;
    try (EventOrigin origin = new EventOrigin(evil, thought + says(0, " ok") + stop(0) + DONE);
        RunningAgent agent = rescue(origin)) {
      Told told = ProxyRescueTest.ask(agent, CHAT, ProxyRescueTest.body(true, ""));
      assertThat(told.text()).isEqualTo(" ok");
      assertThat(told.raw().split("\"hm\"", -1)).hasSize(2);
      assertThat(origin.variantCalls.get(0).path("messages")).hasSize(1);
    }
  }

  @Test
  void messages_drifted_areGivenAnew() throws Exception {
    String evil = MESSAGE_START + text(" a") + text(" EVIL") + MESSAGE_STOP;
    try (EventOrigin origin = new EventOrigin(evil, MESSAGE_START + text(" ok") + MESSAGE_STOP);
        RunningAgent agent = rescue(origin)) {
      String told = post(agent, "/v1/messages", "");
      assertThat(told).doesNotContain("EVIL").contains(" ok", "message_stop", "msg_second");
      assertThat(only(agent).action()).isEqualTo(Action.RESCUED);
      heldWhole(agent, "route");
    }
  }

  /** llama.cpp drops {@code lora} on this route: its answer would be the plain model's. */
  @Test
  void messages_ofAVariantTheRouteOverlooks_areNotTakenForRescued() throws Exception {
    String evil = MESSAGE_START + text(" EVIL") + MESSAGE_STOP;
    try (EventOrigin origin = new EventOrigin(evil, "");
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                JudgingTap.of("EVIL"),
                (o, m) -> Optional.of(new AblatedVariant.Lora(0, 1)),
                "mode=rescue",
                "fail=closed")) {
      assertThat(post(agent, "/v1/messages", "")).doesNotContain("EVIL").contains("refusal");
      assertThat(ProxyRescueTest.metrics(agent)).contains("result=\"no_variant\"} 1.0");
    }
  }

  @Test
  void messages_window_endsInItsOpenBlockWithARefusal() throws Exception {
    String evil =
        MESSAGE_START + text(" a") + text(" b") + text(" c") + text(" EVIL") + MESSAGE_STOP;
    try (EventOrigin origin = new EventOrigin(evil, "", 40);
        RunningAgent agent = withhold(origin)) {
      String told = post(agent, "/v1/messages", "");
      assertThat(told).doesNotContain("EVIL").contains("\" a\"", "Not this.");
      assertThat(ProxyRescueTest.metrics(agent)).doesNotContain("plumbline_held_whole_total{");
      List<JsonNode> events = ProxyRescueTest.told(told).chunks();
      assertThat(events.stream().map(e -> e.path("type").asText()).toList())
          .startsWith("message_start", "content_block_start", "content_block_delta")
          .endsWith("content_block_delta", "content_block_stop", "message_delta", "message_stop")
          .containsOnlyOnce("content_block_start", "content_block_stop", "message_stop");
      assertThat(events.get(events.size() - 2).at("/delta/stop_reason").asText())
          .isEqualTo("refusal");
      assertThat(only(agent).outcome()).isEqualTo(Outcome.WITHHELD);
    }
  }

  @Test
  void responses_window_endsWithThePartThatWentOutAndARefusal() throws Exception {
    String[] parts = OpenAiBodies.RESPONSE_STREAM.split("event: response.output_text.delta\n");
    String added =
        "data: {\"type\":\"response.content_part.added\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"\",\"annotations\":[]}}\n\n";
    String evil =
        parts[0] + added + delta(" a") + delta(" b") + delta(" c") + delta(" EVIL") + delta(" d");
    try (EventOrigin origin = new EventOrigin(evil, "", 40);
        RunningAgent agent = withhold(origin)) {
      String told = post(agent, "/v1/responses", "\"input\":\"hi\",");
      assertThat(told).doesNotContain("EVIL");
      List<JsonNode> events = ProxyRescueTest.told(told).chunks();
      JsonNode end = events.get(events.size() - 1);
      assertThat(end.path("type").asText()).isEqualTo("response.incomplete");
      assertThat(end.at("/response/incomplete_details/reason").asText())
          .isEqualTo("content_filter");
      JsonNode content = end.at("/response/output/0/content");
      assertThat(content.at("/0/text").asText()).startsWith(" a").isEqualTo(deltas(events));
      assertThat(content.at("/1/refusal").asText()).contains("Not this.");
      assertThat(events.stream().map(e -> e.path("type").asText()).toList())
          .containsOnlyOnce("response.output_item.added", "response.output_item.done")
          .containsSubsequence(
              "response.output_text.done",
              "response.content_part.done",
              "response.content_part.added",
              "response.refusal.done",
              "response.output_item.done");
    }
  }

  private static String deltas(List<JsonNode> events) {
    StringBuilder all = new StringBuilder();
    events.stream()
        .filter(e -> e.path("type").asText().equals("response.output_text.delta"))
        .forEach(e -> all.append(e.path("delta").asText()));
    return all.toString();
  }

  private static String text(String said) {
    return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}\n\n"
        .formatted(said);
  }

  private static String delta(String said) {
    return "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"%s\",\"sequence_number\":7}\n\n"
        .formatted(said);
  }

  private static String post(RunningAgent agent, String path, String more) throws Exception {
    String body =
        "{\"model\":\"m\",\"stream\":true,%s\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(more);
    return RawHttp.post(agent.port(), path, body).text();
  }

  private static RunningAgent rescue(EventOrigin origin) {
    return Agents.rescuing(
        origin.port(),
        JudgingTap.of("EVIL"),
        (o, m) -> Optional.of(new AblatedVariant.Model("m-ablated")),
        "mode=rescue",
        "rescue.window=2");
  }

  private static RunningAgent withhold(EventOrigin origin) {
    return Agents.reading(
        origin.port(),
        JudgingTap.of("EVIL"),
        "mode=withhold",
        "withhold.window=1",
        "refusal.text=Not this.");
  }

  /** A window was set, and its text came late all the same. */
  private static void heldWhole(RunningAgent agent, String why) throws Exception {
    assertThat(ProxyRescueTest.metrics(agent))
        .containsPattern("plumbline_held_whole_total\\{.*reason=\"" + why + "\"} 1.0");
  }

  private static Exchange only(RunningAgent agent) {
    Agents.awaitVerdicts(agent, 1);
    return agent.ledger().latest(1).get(0);
  }
}
