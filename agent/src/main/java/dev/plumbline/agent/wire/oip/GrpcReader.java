package dev.plumbline.agent.wire.oip;

import com.google.protobuf.ByteString;
import dev.plumbline.agent.wire.oip.grpc.InferParameter;
import dev.plumbline.agent.wire.oip.grpc.InferTensorContents;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads gRPC messages. Raw contents are not copied. */
public final class GrpcReader {
  private GrpcReader() {}

  /**
   * @throws OipException when a tensor's elements are missing, given twice or of another size
   */
  public static InferRequest request(ModelInferRequest message) {
    Raw raw = new Raw(message.getRawInputContentsList(), message.getInputsCount(), false);
    List<Tensor> inputs = new ArrayList<>();
    for (ModelInferRequest.InferInputTensor input : message.getInputsList()) {
      inputs.add(
          tensor(
              input.getName(),
              input.getDatatype(),
              input.getShapeList(),
              input.getParametersMap(),
              input.getContents(),
              raw));
    }
    raw.requireTaken();
    return new InferRequest(
        message.getModelName(),
        message.getModelVersion(),
        message.getId(),
        GrpcParameters.read(message.getParametersMap()),
        inputs,
        wanted(message));
  }

  /**
   * @throws OipException as for a request
   */
  public static InferResponse response(ModelInferResponse message) {
    Raw raw = new Raw(message.getRawOutputContentsList(), message.getOutputsCount(), true);
    List<Tensor> outputs = new ArrayList<>();
    for (ModelInferResponse.InferOutputTensor output : message.getOutputsList()) {
      outputs.add(
          tensor(
              output.getName(),
              output.getDatatype(),
              output.getShapeList(),
              output.getParametersMap(),
              output.getContents(),
              raw));
    }
    raw.requireTaken();
    return new InferResponse(
        message.getModelName(),
        message.getModelVersion(),
        message.getId(),
        GrpcParameters.read(message.getParametersMap()),
        outputs);
  }

  /**
   * The outputs that a request asks for, whatever its inputs are.
   *
   * @throws OipException when they are none
   */
  public static List<RequestedOutput> wanted(ModelInferRequest message) {
    return message.getOutputsList().stream().map(GrpcReader::requested).toList();
  }

  private static RequestedOutput requested(ModelInferRequest.InferRequestedOutputTensor output) {
    Parameters parameters = GrpcParameters.read(output.getParametersMap());
    return new RequestedOutput(
        output.getName(), parameters.without("shared_memory_"), SharedMemory.of(parameters));
  }

  private static Tensor tensor(
      String name,
      String datatype,
      List<Long> shape,
      Map<String, InferParameter> parameters,
      InferTensorContents typed,
      Raw raw) {
    Datatype type = Datatype.of(datatype, "tensor " + name);
    Parameters all = GrpcParameters.read(parameters);
    var region = SharedMemory.of(all);
    Shape sizes = new Shape(shape);
    Tensor.Content content =
        region.isPresent()
            ? raw.skipped(new Tensor.InRegion(region.get()))
            : raw.elements(typed, name, sizes, bytes -> GrpcContents.read(name, type, bytes));
    return new Tensor(name, type, sizes, all.without("shared_memory_"), content);
  }

  /**
   * Raw contents as they are handed out. Servers put an empty one for a tensor in shared memory,
   * clients none.
   */
  private static final class Raw {
    private final boolean any;
    private final boolean oneEach;
    private final boolean answered;
    private final Iterator<ByteString> left;

    /**
     * @param answered whether they are an answer's, which may leave a place to the request
     */
    Raw(List<ByteString> contents, int tensors, boolean answered) {
      this.any = !contents.isEmpty();
      this.oneEach = contents.size() == tensors;
      this.answered = answered;
      this.left = contents.iterator();
    }

    Tensor.Content elements(
        InferTensorContents typed,
        String name,
        Shape shape,
        Function<InferTensorContents, ByteBuffer> read) {
      Optional<ByteBuffer> raw = any ? Optional.of(next(name)) : Optional.empty();
      boolean none = raw.map(b -> !b.hasRemaining()).orElse(typed.getSerializedSize() == 0);
      return answered && none && shape.elements() > 0
          ? new Tensor.Elsewhere()
          : new Tensor.Elements(raw.orElseGet(() -> read.apply(typed)));
    }

    private ByteBuffer next(String name) {
      if (!left.hasNext()) {
        throw OipException.invalid(
            "tensor " + name, "raw contents for each tensor or none", "fewer", "add them");
      }
      return left.next().asReadOnlyByteBuffer();
    }

    Tensor.Content skipped(Tensor.Content content) {
      if (any && oneEach) {
        left.next();
      }
      return content;
    }

    void requireTaken() {
      if (left.hasNext()) {
        throw OipException.invalid("message", "raw contents for each tensor", "more", "drop them");
      }
    }
  }
}
