package dev.plumbline.agent.wire.oip;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** A tensor as its JSON object says it, before the binary part was cut up. */
final class JsonTensor {
  private String name = "";
  private String datatype = "";
  private Shape shape;
  private Parameters parameters = Parameters.NONE;
  private JsonElements data;

  private JsonTensor() {}

  static JsonTensor parse(JsonParser json, String where) throws IOException {
    JsonTensor tensor = new JsonTensor();
    JsonForm.members(json, where, member -> tensor.take(json, member));
    return tensor;
  }

  private void take(JsonParser json, String member) throws IOException {
    switch (member) {
      case "name" -> name = JsonForm.text(json, "tensor name");
      case "datatype" -> datatype = JsonForm.text(json, "datatype");
      case "shape" -> shape = JsonForm.shape(json);
      case "parameters" -> parameters = JsonForm.parameters(json);
      case "data" -> data = JsonElements.parse(json);
      default -> json.skipChildren();
    }
  }

  /** As an output that a request asks for. */
  RequestedOutput requested() {
    return new RequestedOutput(
        name, parameters.without("shared_memory_"), SharedMemory.of(parameters));
  }

  /**
   * The tensor.
   *
   * @param binary what follows the JSON; what belongs to this tensor is taken off its beginning
   * @param answered whether it is an answer's, which may leave the place to the request
   */
  Tensor build(ByteBuffer binary, boolean answered) {
    if (shape == null) {
      throw OipException.invalid("tensor " + name, "a shape", "none", "add it");
    }
    Datatype type = Datatype.of(datatype, "tensor " + name);
    Parameters own = parameters.without("shared_memory_").without(Parameters.BINARY_DATA);
    return new Tensor(name, type, shape, own, content(type, binary, answered));
  }

  private Tensor.Content content(Datatype type, ByteBuffer binary, boolean answered) {
    var region = SharedMemory.of(parameters);
    OptionalLong size = parameters.whole(Parameters.BINARY_DATA_SIZE);
    int places = (region.isPresent() ? 1 : 0) + (size.isPresent() ? 1 : 0) + (data != null ? 1 : 0);
    if (places == 0 && answered) {
      return new Tensor.Elsewhere();
    }
    if (places != 1) {
      throw OipException.invalid(
          "tensor " + name,
          "one of data, binary_data_size and a shared memory region",
          places,
          "give its elements once");
    }
    if (region.isPresent()) {
      return new Tensor.InRegion(region.get());
    }
    return new Tensor.Elements(data != null ? data.as(type) : cut(size.getAsLong(), binary));
  }

  private ByteBuffer cut(long size, ByteBuffer binary) {
    if (size < 0 || size > binary.remaining()) {
      throw OipException.invalid(
          "tensor " + name,
          size + " bytes after the JSON",
          binary.remaining(),
          "see " + RestBody.HEADER_LENGTH + " and binary_data_size");
    }
    ByteBuffer own = binary.slice(binary.position(), (int) size);
    binary.position(binary.position() + (int) size);
    return own;
  }
}
