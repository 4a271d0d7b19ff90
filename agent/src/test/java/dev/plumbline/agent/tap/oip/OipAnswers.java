package dev.plumbline.agent.tap.oip;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.wire.oip.grpc.InferParameter;
import dev.plumbline.agent.wire.oip.grpc.InferTensorContents;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelStreamInferResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Answers with hidden states as origins write them, by hand: what no reader of ours made. The
 * states' numbers are bfloat16's.
 */
public final class OipAnswers {
  private static final int D = StatesArtefacts.HIDDEN;

  private OipAnswers() {}

  /** Bytes of numbers in a datatype. */
  public static byte[] numbers(String datatype, float[][] states) {
    ByteBuffer bytes =
        ByteBuffer.allocate(states.length * D * (datatype.equals("FP32") ? 4 : 2))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] state : states) {
      for (float value : state) {
        switch (datatype) {
          case "FP32" -> bytes.putFloat(value);
          case "BF16", "UINT16" -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
          case "FP16" -> bytes.putShort(half(value));
          default -> throw new IllegalArgumentException(datatype);
        }
      }
    }
    return bytes.array();
  }

  /** Of a number that is 0 or within binary16's normal range, and exact there. */
  private static short half(float value) {
    int bits = Float.floatToIntBits(value);
    int exponent = (bits >>> 23 & 0xff) - 127 + 15;
    return value == 0 ? 0 : (short) (bits >>> 16 & 0x8000 | exponent << 10 | bits >>> 13 & 0x3ff);
  }

  /** Numbers of a datatype. */
  public static float[][] states(String datatype, byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int each = D * (datatype.equals("FP32") ? 4 : 2);
    float[][] states = new float[bytes.length / each][D];
    for (float[] state : states) {
      for (int i = 0; i < D; i++) {
        state[i] =
            switch (datatype) {
              case "FP32" -> from.getFloat();
              case "BF16", "UINT16" -> Float.intBitsToFloat(from.getShort() << 16);
              default -> whole(from.getShort());
            };
      }
    }
    return states;
  }

  private static float whole(short half) {
    int exponent = half >>> 10 & 0x1f;
    double fraction = (half & 0x3ff) / 1024.0;
    double value =
        exponent == 0 ? Math.scalb(fraction, -14) : Math.scalb(1 + fraction, exponent - 15);
    return (float) (half < 0 ? -value : value);
  }

  /** JSON text with members, spaces and nesting of its own. */
  public static String json(float[][] states, int promptTokens, boolean nested) {
    String data =
        Arrays.stream(states)
            .map(OipAnswers::row)
            .collect(
                Collectors.joining(
                    nested ? "], [" : ",", nested ? "[[" : "[", nested ? "]]" : "]"));
    return """
        {"model_name":"m","model_version":"1","id":"a", "later":{"x":[1.50, null]},
         "parameters":{"prompt_tokens":%d},
         "outputs":[{"name":"logits","datatype":"FP32","shape":[1,2],"data":[0.500, -1e-3]},
          {"name":"hidden_states","shape":[%d,%d],"datatype":"FP32","data": %s , "odd":true},
          {"name":"text","datatype":"BYTES","shape":[1],"data":["é\\u00e9"]}]}"""
        .formatted(promptTokens, states.length, D, data);
  }

  private static String row(float[] state) {
    StringBuilder row = new StringBuilder();
    for (float value : state) {
      row.append(row.isEmpty() ? "" : ", ").append(String.format(Locale.ROOT, "%.7f", value));
    }
    return row.toString();
  }

  /** The binary extension's body, its JSON's length told apart. */
  public record Binary(byte[] body, int json) {}

  /** Two binary outputs and one of text between them. */
  public static Binary binary(String datatype, float[][] states, int promptTokens) {
    byte[] hidden = numbers(datatype, states);
    String json =
        """
        {"model_name":"m","model_version":"1","outputs":[
         {"name":"logits","datatype":"FP32","shape":[1,1],"parameters":{"binary_data_size":4}},
         {"name":"text","datatype":"BYTES","shape":[1],"data":["a"]},
         {"name":"hidden_states","datatype":"%s","shape":[1,%d,%d],
          "parameters":{"binary_data_size":%d,"prompt_tokens":%d}}]}"""
            .formatted(datatype, states.length, D, hidden.length, promptTokens);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    body.writeBytes(head);
    body.writeBytes(new byte[] {1, 2, 3, 4});
    body.writeBytes(hidden);
    return new Binary(body.toByteArray(), head.length);
  }

  /** A gRPC answer with raw contents and a field that nobody knows. */
  public static ModelInferResponse raw(
      String id, String datatype, float[][] states, int promptTokens) {
    return head(id, datatype, states, promptTokens)
        .addOutputs(
            ModelInferResponse.InferOutputTensor.newBuilder()
                .setName("logits")
                .setDatatype("FP32")
                .addShape(1))
        .addRawOutputContents(ByteString.copyFrom(numbers(datatype, states)))
        .addRawOutputContents(ByteString.copyFrom(new byte[] {1, 2, 3, 4}))
        .build();
  }

  /** A gRPC answer with typed contents. */
  public static ModelInferResponse typed(String id, float[][] states, int promptTokens) {
    ModelInferResponse.Builder message = head(id, "FP32", states, promptTokens);
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (float[] state : states) {
      for (float value : state) {
        contents.addFp32Contents(value);
      }
    }
    message.getOutputsBuilder(0).setContents(contents);
    return message.build();
  }

  private static ModelInferResponse.Builder head(
      String id, String datatype, float[][] states, int promptTokens) {
    return ModelInferResponse.newBuilder()
        .setModelName("m")
        .setId(id)
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(1000, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                .build())
        .addOutputs(
            ModelInferResponse.InferOutputTensor.newBuilder()
                .setName("hidden_states")
                .setDatatype(datatype)
                .addShape(states.length)
                .addShape(D)
                .putParameters(
                    "prompt_tokens",
                    InferParameter.newBuilder().setInt64Param(promptTokens).build()));
  }

  /** One message of a stream. */
  public static byte[] streamed(ModelInferResponse answer) {
    return ModelStreamInferResponse.newBuilder().setInferResponse(answer).build().toByteArray();
  }
}
