package dev.plumbline.agent.wire.oip;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;

/** Writes gRPC messages, always with raw contents. They are not copied: leave the tensors alone. */
public final class GrpcWriter {
  private GrpcWriter() {}

  public static ModelInferRequest request(InferRequest request) {
    ModelInferRequest.Builder message =
        ModelInferRequest.newBuilder()
            .setModelName(request.model())
            .setModelVersion(request.version())
            .setId(request.id())
            .putAllParameters(GrpcParameters.write(request.parameters()));
    for (Tensor input : request.inputs()) {
      message.addInputs(
          ModelInferRequest.InferInputTensor.newBuilder()
              .setName(input.name())
              .setDatatype(input.datatype().name())
              .addAllShape(input.shape().sizes())
              .putAllParameters(GrpcParameters.write(parameters(input))));
      input
          .elements()
          .map(UnsafeByteOperations::unsafeWrap)
          .ifPresent(message::addRawInputContents);
    }
    request.outputs().forEach(output -> message.addOutputs(requested(output)));
    return message.build();
  }

  public static ModelInferResponse response(InferResponse response) {
    ModelInferResponse.Builder message =
        ModelInferResponse.newBuilder()
            .setModelName(response.model())
            .setModelVersion(response.version())
            .setId(response.id())
            .putAllParameters(GrpcParameters.write(response.parameters()));
    for (Tensor output : response.outputs()) {
      message.addOutputs(
          ModelInferResponse.InferOutputTensor.newBuilder()
              .setName(output.name())
              .setDatatype(output.datatype().name())
              .addAllShape(output.shape().sizes())
              .putAllParameters(GrpcParameters.write(parameters(output))));
      message.addRawOutputContents(
          output.elements().map(UnsafeByteOperations::unsafeWrap).orElse(ByteString.EMPTY));
    }
    return message.build();
  }

  private static Parameters parameters(Tensor tensor) {
    return tensor.content() instanceof Tensor.InRegion region
        ? region.where().addTo(tensor.parameters())
        : tensor.parameters();
  }

  private static ModelInferRequest.InferRequestedOutputTensor.Builder requested(
      RequestedOutput output) {
    Parameters parameters =
        output.region().map(r -> r.addTo(output.parameters())).orElse(output.parameters());
    return ModelInferRequest.InferRequestedOutputTensor.newBuilder()
        .setName(output.name())
        .putAllParameters(GrpcParameters.write(parameters));
  }
}
