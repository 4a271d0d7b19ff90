package dev.plumbline.agent.wire.oip;

import com.google.protobuf.ByteString;
import dev.plumbline.agent.wire.oip.grpc.InferTensorContents;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Changes one output of a gRPC answer; fields nobody knows stay. */
public final class GrpcPatch {
  private GrpcPatch() {}

  /**
   * Puts an output's elements in the place of those that are there, raw or typed as they were.
   *
   * @param output as read by {@link GrpcReader}, with elements of the same size; copied
   */
  public static ModelInferResponse replace(ModelInferResponse message, Tensor output) {
    int index = index(message, output.name());
    ModelInferResponse.Builder patched = message.toBuilder();
    ByteBuffer elements = output.elements().orElseThrow();
    if (message.getRawOutputContentsCount() > 0) {
      patched.setRawOutputContents(rawIndex(message, index), ByteString.copyFrom(elements));
    } else {
      patched.getOutputsBuilder(index).setContents(typed(output.datatype(), elements));
    }
    return patched.build();
  }

  /**
   * Adds an output to those that a request lists: a field that is repeated may come at the end.
   *
   * @param message of a request; not changed
   */
  public static byte[] asking(byte[] message, String output) {
    byte[] more =
        ModelInferRequest.newBuilder()
            .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName(output))
            .build()
            .toByteArray();
    byte[] both = Arrays.copyOf(message, message.length + more.length);
    System.arraycopy(more, 0, both, message.length, more.length);
    return both;
  }

  /** Takes an output out; empty where there is none of this name. */
  public static Optional<ModelInferResponse> without(ModelInferResponse message, String output) {
    if (message.getOutputsList().stream().noneMatch(each -> each.getName().equals(output))) {
      return Optional.empty();
    }
    int index = index(message, output);
    ModelInferResponse.Builder left = message.toBuilder().removeOutputs(index);
    boolean away =
        SharedMemory.of(GrpcParameters.read(message.getOutputs(index).getParametersMap()))
            .isPresent();
    int contents = message.getRawOutputContentsCount();
    if (contents > 0 && !(away && contents < message.getOutputsCount())) {
      int raw = rawIndex(message, index);
      left.clearRawOutputContents();
      for (int i = 0; i < contents; i++) {
        if (i != raw) {
          left.addRawOutputContents(message.getRawOutputContents(i));
        }
      }
    }
    return Optional.of(left.build());
  }

  private static int index(ModelInferResponse message, String name) {
    for (int i = 0; i < message.getOutputsCount(); i++) {
      if (message.getOutputs(i).getName().equals(name)) {
        return i;
      }
    }
    throw OipException.invalid("message", "output " + name, "none", "keep the message");
  }

  /** Of outputs in shared memory there is an empty one, or none. */
  private static int rawIndex(ModelInferResponse message, int index) {
    if (message.getRawOutputContentsCount() == message.getOutputsCount()) {
      return index;
    }
    int at = 0;
    for (int i = 0; i < index; i++) {
      Parameters parameters = GrpcParameters.read(message.getOutputs(i).getParametersMap());
      at += SharedMemory.of(parameters).isPresent() ? 0 : 1;
    }
    return at;
  }

  private static InferTensorContents typed(Datatype type, ByteBuffer elements) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    int count = elements.remaining() / type.bytes();
    for (int i = 0; i < count; i++) {
      switch (type) {
        case FP32 -> contents.addFp32Contents((float) Floats.read(type, elements, i));
        case FP64 -> contents.addFp64Contents(Floats.read(type, elements, i));
        case UINT16 -> contents.addUintContents((int) Wholes.read(type, elements, i));
        default ->
            throw OipException.invalid("tensor", "FP32, FP64 or UINT16", type, "send it raw");
      }
    }
    return contents.build();
  }
}
