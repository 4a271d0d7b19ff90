package dev.plumbline.agent.tap.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.states.NumberForm;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CaptureTapTest {
  private static final TapPoint POINT = TapPoint.residPost(2);
  private final CaptureTap tap = new CaptureTap(List.of(POINT), 1 << 16);

  @Test
  void decorate_layersAreZeroBased_sortedAndText() {
    CaptureTap two = new CaptureTap(List.of(TapPoint.residPost(3), TapPoint.residPost(1)), 1);
    assertThat(two.points()).containsExactly(TapPoint.residPost(1), TapPoint.residPost(3));
    String body =
        new String(
            two.decorate(request("{\"vllm_xargs\":{\"a\":1}}")).orElseThrow().body(),
            StandardCharsets.UTF_8);
    assertThat(Pass.tree(body).path("vllm_xargs"))
        .isEqualTo(Pass.tree("{\"a\":1,\"output_residual_stream\":\"[1, 3]\"}"));
  }

  @Test
  void of_siteThatThePluginDoesNotKnow_isRefused() {
    assertThatThrownBy(() -> new CaptureTap(List.of(TapPoint.FINAL_NORM), 1))
        .hasMessageContaining("final_norm");
  }

  @Test
  void find_everyNumberForm_givesTheSameReading() throws IOException {
    Pass pass = Pass.of(1, 4, 5);
    for (NumberForm form : NumberForm.values()) {
      Reading reading = read(pass, CaptureTapContractTest.residualStream(pass.states(), form));
      assertThat(reading.score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
    }
  }

  @Test
  void find_uncompressed_isRead() {
    Pass pass = Pass.of(2, 4, 5);
    byte[] raw = StatesFiles.numbers(pass.states(), NumberForm.F32);
    ObjectNode tensor =
        Pass.json("{\"dtype\":\"float32\"}").put("data", Base64.getEncoder().encodeToString(raw));
    tensor.putArray("shape").add(1).add(pass.states().length).add(8);
    assertThat(read(pass, tensor).score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
  }

  @Test
  void find_hostileTensors_areUnscored() throws IOException {
    hostile(UnscoredReason.TAP_ERROR, t -> t.put("data", "AAAA"));
    hostile(UnscoredReason.TAP_ERROR, t -> t.put("data", "no base64!"));
    hostile(UnscoredReason.TAP_ERROR, t -> t.remove("data"));
    hostile(UnscoredReason.TAP_ERROR, t -> t.put("compression", "lzma"));
    hostile(UnscoredReason.TAP_ERROR, t -> t.put("dtype", "int16").put("original_dtype", "x"));
    hostile(UnscoredReason.TAP_ERROR, t -> t.put("dtype", "float32"));
    hostile(UnscoredReason.TAP_ERROR, t -> t.putArray("shape").add(1).add(6));
    hostile(UnscoredReason.TAP_ERROR, t -> t.putArray("shape").add(1).add(-6).add(8));
    hostile(UnscoredReason.TAP_ERROR, t -> t.putArray("shape").add(1).add(6).add(7));
    hostile(UnscoredReason.TAP_ERROR, t -> t.putArray("shape").add(1).add(5).add(8));
    hostile(UnscoredReason.TOO_LONG, t -> t.putArray("shape").add(1).add(6).add(Integer.MAX_VALUE));
    hostile(UnscoredReason.WRONG_MODEL, t -> t.putArray("shape").add(2).add(6).add(4));
  }

  private void hostile(UnscoredReason reason, Consumer<ObjectNode> change) throws IOException {
    Pass pass = Pass.of(3, 3, 4);
    ObjectNode tensor = CaptureTapContractTest.residualStream(pass.states(), NumberForm.BF16);
    change.accept(tensor);
    assertThat(read(pass, tensor).reason()).as("%s", tensor).contains(reason);
  }

  @Test
  void find_zstdDamagedAnywhere_neverThrows() throws IOException {
    Pass pass = Pass.of(4, 3, 6);
    ObjectNode tensor = CaptureTapContractTest.residualStream(pass.states(), NumberForm.F32);
    byte[] sound = tensor.path("data").binaryValue();
    for (int i = 0; i < sound.length; i++) {
      byte[] damaged = sound.clone();
      damaged[i] ^= (byte) 0x55;
      read(pass, tensor.put("data", Base64.getEncoder().encodeToString(damaged)));
    }
  }

  @Test
  void find_textOverTheBound_isTooLongAndStillCut() throws IOException {
    Pass pass = Pass.of(5, 3, 4);
    StatesExchange exchange =
        new CaptureTap(List.of(POINT), 100).decorate(request("{}")).orElseThrow();
    String passed =
        feed(
            exchange,
            answer(pass, CaptureTapContractTest.residualStream(pass.states(), NumberForm.F32)));
    assertThat(passed).doesNotContain("activations");
    assertThat(reading(exchange).reason()).contains(UnscoredReason.TOO_LONG);
  }

  @Test
  void find_clientsOwnLayers_areNamedByTheRequest() throws IOException {
    Pass pass = Pass.of(6, 3, 4);
    String body = "{\"vllm_xargs\":{\"output_residual_stream\":\"[1]\"}}";
    StatesExchange exchange = tap.decorate(request(body)).orElseThrow();
    feed(
        exchange,
        answer(pass, CaptureTapContractTest.residualStream(pass.states(), NumberForm.BF16)));
    assertThat(reading(exchange).reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(tap.decorate(request("{\"vllm_xargs\":{\"output_residual_stream\":true}}")))
        .isEmpty();
  }

  @Test
  void find_severalChoices_onlyTheFirstComes_andTheRestIsNotPassedOver() throws IOException {
    Pass pass = Pass.of(7, 3, 4);
    StatesExchange exchange = tap.decorate(request("{\"n\":2}")).orElseThrow();
    feed(
        exchange,
        answer(pass, CaptureTapContractTest.residualStream(pass.states(), NumberForm.BF16)));
    Reading reading = reading(exchange);
    assertThat(reading.verdict().wireName()).isNotEqualTo("aligned");
  }

  private Reading read(Pass pass, ObjectNode tensor) {
    StatesExchange exchange = tap.decorate(request("{}")).orElseThrow();
    feed(exchange, answer(pass, tensor));
    return reading(exchange);
  }

  private static ObjectNode answer(Pass pass, ObjectNode tensor) {
    ObjectNode body = VllmScript.whole(pass, Pass.json("{\"return_token_ids\":true}"));
    body.putObject("activations").set("residual_stream", tensor);
    return body;
  }

  private static Reading reading(StatesExchange exchange) {
    return StatesArtefacts.scorer(POINT)
        .read(exchange.find(() -> false).toCompletableFuture().join());
  }

  private static String feed(StatesExchange exchange, ObjectNode answer) {
    AnswerFilter filter = exchange.filter(false);
    byte[] passed = filter.feed(answer.toString().getBytes(StandardCharsets.UTF_8));
    filter.end();
    return new String(passed, StandardCharsets.UTF_8);
  }

  private static OriginRequest request(String body) {
    return new OriginRequest("/v1/chat/completions", "r", body.getBytes(StandardCharsets.UTF_8));
  }
}
