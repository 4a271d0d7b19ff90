package dev.plumbline.agent.wire.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestTest {
  private static final String HEAD = "{\"inputs\":[{\"name\":\"x\",\"datatype\":";

  @Test
  void request_asKserveWritesIt_isRead() {
    InferRequest request =
        json(
            """
            {"id":"42","parameters":{"layer":3,"mode":"ablate","sequence_start":true,"a":0.5},
             "unknown":{"a":[1]},
             "inputs":[{"data":[[1,2.5],[null,-4]],"shape":[2,2],"name":"h","datatype":"FP32"},
                       {"name":"t","shape":[1],"datatype":"BYTES","data":["é"]}],
             "outputs":[{"name":"score","parameters":{"binary_data":true}}]}
            """);
    assertThat(request.id()).isEqualTo("42");
    assertThat(request.parameters().whole("layer")).hasValue(3);
    assertThat(request.parameters().flag("sequence_start")).contains(true);
    assertThat(Tensors.values(request.inputs().get(0))).containsExactly(1, 2.5, Double.NaN, -4);
    assertThat(Texts.unpack(request.inputs().get(1)))
        .containsExactly("é".getBytes(StandardCharsets.UTF_8));
    assertThat(request.binary("score")).isTrue();
    assertThat(request.output("verdict")).isEmpty();
  }

  @Test
  void patch_nullAmongNumbers_staysAndMovesNoOther() {
    String body =
        """
        {"outputs":[{"name":"h","datatype":"FP32","shape":[2,2],"data":[[1, null], [NaN ,-4]]}]}""";
    ByteBuffer other = ByteBuffer.allocate(16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    other.putFloat(5).putFloat(Float.NaN).putFloat(Float.NaN).putFloat(8).flip();
    byte[] patched =
        RestPatch.replace(
            body.getBytes(StandardCharsets.UTF_8),
            OptionalLong.empty(),
            Tensor.of("h", Datatype.FP32, Shape.of(2, 2), other));
    assertThat(new String(patched, StandardCharsets.UTF_8))
        .isEqualTo(body.replace("[1,", "[5.0,").replace("-4", "8.0"));
  }

  @ParameterizedTest
  @EnumSource(Datatype.class)
  void response_ofEachDatatype_comesBackTheSame(Datatype type) {
    Tensor tensor = sample(type);
    InferResponse response =
        new InferResponse(
            "m",
            "1",
            "id",
            new Parameters(Map.of("z", 1.5)),
            List.of(tensor, sample(Datatype.BOOL)));
    for (Predicate<Tensor> binary : List.<Predicate<Tensor>>of(t -> true, t -> false)) {
      RestBody body = RestWriter.response(response, binary);
      InferResponse again = RestReader.response(body.toBytes(), header(body));
      assertThat(again).isEqualTo(response);
    }
  }

  @Test
  void request_inBinaryAndWithRegions_comesBackTheSame() {
    SharedMemory place = new SharedMemory("r", 8, 16);
    Tensor plain = Tensors.fp32("a", Shape.of(2), 1, 2);
    Tensor shared = Tensors.fp32("b", Shape.of(4), 0, 0, 0, 0).with(new Tensor.InRegion(place));
    Tensor last = Tensors.floats("c", Datatype.BF16, Shape.of(1, 1), 7);
    InferRequest request =
        new InferRequest(
            "",
            "",
            "",
            Parameters.NONE,
            List.of(plain, shared, last),
            List.of(new RequestedOutput("o", Parameters.NONE, Optional.of(place))));
    RestBody body = RestWriter.request(request, tensor -> true);
    assertThat(body.headerLength()).hasValue(body.json().length);
    assertThat(body.contentType()).isEqualTo("application/octet-stream");
    assertThat(RestReader.request(body.toBytes(), header(body), null)).isEqualTo(request);
  }

  @Test
  void request_withHeaderLengthZero_isTheOneInputRaw() {
    InferRequest request =
        RestReader.request(
            new byte[8],
            OptionalLong.of(0),
            bytes -> Tensor.of("h", Datatype.FP32, Shape.of(1, 2), bytes));
    assertThat(request.inputs().get(0).shape()).isEqualTo(Shape.of(1, 2));
    assertThat(request.binary("anything")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"inputs\":[{}]}",
        "{\"id\":\"a\",\"id\":\"b\"}",
        "{} {}",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP33\",\"data\":[1]}]}",
        HEAD + "\"FP32\",\"shape\":[3],\"data\":[1,2]}]}",
        HEAD + "\"FP32\",\"shape\":[-1],\"data\":[1,2]}]}",
        HEAD + "\"FP32\",\"shape\":[4611686018427387904,4],\"data\":[]}]}",
        HEAD + "\"FP32\",\"shape\":[1],\"data\":[\"1\"]}]}",
        HEAD + "\"FP32\",\"shape\":[1],\"data\":[{}]}]}",
        HEAD + "\"INT8\",\"shape\":[1],\"data\":[128]}]}",
        HEAD + "\"UINT64\",\"shape\":[1],\"data\":[-1]}]}",
        HEAD + "\"INT64\",\"shape\":[1],\"data\":[1.5]}]}",
        HEAD + "\"FP32\",\"shape\":[1]}]}",
        HEAD + "\"FP32\",\"shape\":[1],\"parameters\":{\"binary_data_size\":4}}]}",
        HEAD + "\"FP32\",\"shape\":[1],\"parameters\":{\"shared_memory_region\":\"r\"}}]}",
        "{\"parameters\":{\"a\":[]}}",
        "{\"inputs\":[",
      })
  void request_thatIsNone_isRefusedInItsOwnWords(String body) {
    assertThatThrownBy(() -> json(body))
        .isInstanceOfSatisfying(
            OipException.class, e -> assertThat(e.fault()).isEqualTo(OipFault.INVALID))
        .hasMessageContaining("wanted");
  }

  @Test
  void request_withHeaderBeyondItsBody_isRefused() {
    assertThatThrownBy(() -> RestReader.request(new byte[2], OptionalLong.of(3), null))
        .isInstanceOf(OipException.class);
  }

  @Test
  void request_withBytesNobodyAskedFor_isRefused() {
    byte[] body = "{\"inputs\":[]}1234".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> RestReader.request(body, OptionalLong.of(body.length - 4), null))
        .isInstanceOf(OipException.class)
        .hasMessageContaining("4 bytes more");
  }

  @Test
  void request_cutAnywhere_isRefusedAndNeverWorse() {
    InferRequest request =
        new InferRequest(
            "m",
            "",
            "1",
            Parameters.NONE,
            List.of(Tensors.fp32("a", Shape.of(2), 1, 2)),
            List.of());
    RestBody body = RestWriter.request(request, tensor -> true);
    byte[] whole = body.toBytes();
    for (int cut = 0; cut < whole.length; cut++) {
      byte[] part = java.util.Arrays.copyOf(whole, cut);
      assertThatThrownBy(() -> RestReader.request(part, header(body), null))
          .isInstanceOf(OipException.class);
    }
  }

  private static Tensor sample(Datatype type) {
    if (type == Datatype.BYTES) {
      return Tensor.of("t", type, Shape.of(2), Texts.pack(List.of("a b".getBytes(), new byte[0])));
    }
    Random random = new Random(type.ordinal());
    if (type.floating()) {
      return Tensors.floats(
          "t", type, Shape.of(2, 2), 0, -1.5f, random.nextFloat(), 1000 * random.nextFloat());
    }
    byte[] bytes = new byte[4 * type.bytes()];
    random.nextBytes(bytes);
    for (int i = 0; type == Datatype.BOOL && i < bytes.length; i++) {
      bytes[i] &= 1;
    }
    return Tensor.of("t", type, Shape.of(4), ByteBuffer.wrap(bytes));
  }

  private static OptionalLong header(RestBody body) {
    return body.headerLength().stream().asLongStream().findFirst();
  }

  private static InferRequest json(String body) {
    return RestReader.request(
        body.getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), raw -> null);
  }
}
