package dev.plumbline.agent.wire.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.wire.Route;
import org.junit.jupiter.api.Test;

/** Triton's generate extension and the Open Inference Protocol's inference. */
class OipTest {
  private static final String EVENT =
      "{\"model_name\":\"m\",\"model_version\":\"1\",\"text_output\":\"%s\"}";

  @Test
  void generate_promptBeforeTheAnswer_isTakenOffUnlessExcluded() {
    String body = EVENT.formatted("Es war einmal");
    Call with =
        Wire.call(
            Route.OIP_GENERATE, "{\"text_input\":\"Es war\",\"parameters\":{\"stream\":false}}");
    assertThat(Wire.raw(with)).isEqualTo("Es war");
    assertThat(Wire.whole(with, body).orElseThrow().texts()).containsExactly(" einmal");
    for (String excluded :
        new String[] {
          "{\"text_input\":\"Es war\",\"exclude_input_in_output\":true}",
          "{\"text_input\":\"Es war\",\"parameters\":{\"exclude_input_in_output\":true}}"
        }) {
      Call without = Wire.call(Route.OIP_GENERATE, excluded);
      assertThat(Wire.whole(without, body).orElseThrow().texts()).containsExactly("Es war einmal");
    }
    assertThat(Wire.whole(with, "{\"error\":\"no model\"}")).isEmpty();
    assertThat(Wire.whole(with, "{\"model_name\":\"m\"}")).isEmpty();
    assertThat(Wire.call(Route.OIP_GENERATE, "{\"text_input\":\"a\",\"image\":\"x\"}").prompt())
        .isEmpty();
  }

  @Test
  void generateStream_endOfBody_isTheEnd() {
    Call call = Wire.call(Route.OIP_GENERATE_STREAM, "{\"text_input\":\"Es war\"}");
    String events = Wire.events(EVENT.formatted(" ei"), EVENT.formatted("nmal 🙂"));
    assertThat(Wire.stream(call, events).orElseThrow().texts()).containsExactly(" einmal 🙂");
    assertThat(Wire.stream(call, events + "data: {\"model")).isEmpty();
    assertThat(Wire.stream(call, events + Wire.events("{\"error\":\"out of memory\"}"))).isEmpty();
    assertThat(Wire.stream(call, "")).isEmpty();
  }

  @Test
  void infer_textTensors_areReadByNameOrIfTheOnlyOnes() {
    Call named =
        Wire.call(
            Route.OIP_INFER,
            """
            {"id":"1","inputs":[
             {"name":"sampling_parameters","shape":[1],"datatype":"BYTES","data":["{}"]},
             {"name":"exclude_input_in_output","shape":[1],"datatype":"BOOL","data":[true]},
             {"name":"text_input","shape":[1,1],"datatype":"BYTES","data":[["Es war"]]}]}
            """);
    assertThat(Wire.raw(named)).isEqualTo("Es war");
    String answer =
        "{\"model_name\":\"m\",\"outputs\":[{\"name\":\"%s\",\"shape\":[2,1],\"datatype\":\"BYTES\",\"data\":[[\" a\"],[\"Es war b\"]]},{\"name\":\"n\",\"datatype\":\"INT32\",\"shape\":[1],\"data\":[3]}]}";
    assertThat(Wire.whole(named, answer.formatted("text_output")).orElseThrow().texts())
        .containsExactly(" a", "Es war b");
    Call only =
        Wire.call(
            Route.OIP_INFER,
            "{\"inputs\":[{\"name\":\"input-0\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"Es war\"]}]}");
    assertThat(Wire.whole(only, answer.formatted("output-0")).orElseThrow().texts())
        .containsExactly(" a", " b");
  }

  @Test
  void infer_withoutText_isUnderstoodToHaveNone() {
    Call numbers =
        Wire.call(
            Route.OIP_INFER,
            "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1.5]}]}");
    assertThat(numbers.prompt()).isEmpty();
    assertThat(
            Wire.whole(
                numbers, "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"data\":[1]}]}"))
        .isEmpty();
    Call binary =
        Wire.call(
            Route.OIP_INFER,
            "{\"inputs\":[{\"name\":\"text_input\",\"shape\":[1],\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_size\":6}}]}\u0002\u0000\u0000\u0000hi");
    assertThat(binary.prompt()).isEmpty();
    assertThat(Call.of(Route.OTHER, Wire.utf8("{}"))).isEmpty();
  }
}
