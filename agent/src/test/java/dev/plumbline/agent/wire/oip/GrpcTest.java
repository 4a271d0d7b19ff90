package dev.plumbline.agent.wire.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.plumbline.agent.wire.oip.grpc.InferTensorContents;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest.InferInputTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GrpcTest {
  private static final SharedMemory PLACE = new SharedMemory("r", 0, 16);
  private static final Tensor SHARED =
      Tensors.fp32("s", Shape.of(4), 0, 0, 0, 0).with(new Tensor.InRegion(PLACE));
  private static final Tensor RAW = Tensors.floats("h", Datatype.BF16, Shape.of(1, 2), 1, 2);

  @Test
  void request_writtenAndRead_isTheSame() throws Exception {
    InferRequest request =
        new InferRequest(
            "plumbline",
            "1",
            "id",
            new Parameters(Map.of("a", 1L, "b", true, "c", "x", "d", 0.5)),
            List.of(SHARED, RAW),
            List.of(new RequestedOutput("score", Parameters.NONE, Optional.of(PLACE))));
    byte[] bytes = GrpcWriter.request(request).toByteArray();
    assertThat(GrpcReader.request(ModelInferRequest.parseFrom(bytes))).isEqualTo(request);
  }

  @Test
  void response_writtenAndRead_isTheSame() {
    InferResponse response =
        new InferResponse("m", "1", "id", Parameters.NONE, List.of(SHARED, RAW));
    assertThat(GrpcReader.response(GrpcWriter.response(response))).isEqualTo(response);
  }

  @Test
  void request_ofTypedContents_isRead() {
    InferTensorContents contents =
        InferTensorContents.newBuilder()
            .addFp32Contents(1.5f)
            .addInt64Contents(-1)
            .addUintContents(-1)
            .addIntContents(-128)
            .addBoolContents(true)
            .addFp64Contents(0.25)
            .addUint64Contents(7)
            .addBytesContents(ByteString.copyFromUtf8("x"))
            .build();
    double[] expected = {1, 4294967295.0, 7, -128, -128, -128, -1, 1.5, 0.25};
    List<Datatype> types =
        List.of(
            Datatype.BOOL,
            Datatype.UINT32,
            Datatype.UINT64,
            Datatype.INT8,
            Datatype.INT16,
            Datatype.INT32,
            Datatype.INT64,
            Datatype.FP32,
            Datatype.FP64);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Tensors.values(typed(types.get(i), contents))).containsExactly(expected[i]);
    }
    assertThat(Texts.unpack(typed(Datatype.BYTES, contents))).containsExactly("x".getBytes());
    assertThatThrownBy(() -> typed(Datatype.BF16, contents)).isInstanceOf(OipException.class);
    assertThatThrownBy(() -> typed(Datatype.UINT8, contents)).isInstanceOf(OipException.class);
  }

  @Test
  void request_withTooFewOrTooManyRawContents_isRefused() {
    ModelInferRequest whole =
        GrpcWriter.request(
            new InferRequest("m", "", "", Parameters.NONE, List.of(RAW, RAW), List.of()));
    ModelInferRequest more = whole.toBuilder().addRawInputContents(ByteString.EMPTY).build();
    ModelInferRequest fewer =
        whole.toBuilder()
            .clearRawInputContents()
            .addRawInputContents(whole.getRawInputContents(0))
            .build();
    assertThatThrownBy(() -> GrpcReader.request(more)).isInstanceOf(OipException.class);
    assertThatThrownBy(() -> GrpcReader.request(fewer)).isInstanceOf(OipException.class);
  }

  private static Tensor typed(Datatype type, InferTensorContents contents) {
    InferInputTensor input =
        InferInputTensor.newBuilder()
            .setName("x")
            .setDatatype(type.name())
            .addShape(1)
            .setContents(contents)
            .build();
    return GrpcReader.request(ModelInferRequest.newBuilder().addInputs(input).build())
        .inputs()
        .get(0);
  }
}
