package dev.plumbline.agent.wire.oip;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Reads bodies of {@code /v2/models/M/infer}. What it returns holds on to the body it was given, in
 * which binary tensors stay. Members it does not know are passed over.
 */
public final class RestReader {
  private final ByteBuffer binary;
  private String model = "";
  private String version = "";
  private String id = "";
  private Parameters parameters = Parameters.NONE;
  private final List<JsonTensor> inputs = new ArrayList<>();
  private final List<JsonTensor> outputs = new ArrayList<>();

  private RestReader(ByteBuffer binary) {
    this.binary = binary;
  }

  /**
   * A request.
   *
   * @param body kept
   * @param headerLength the value of {@link RestBody#HEADER_LENGTH}; absent: all is JSON; 0: all is
   *     the one input's elements, and every output is to come in binary
   * @param raw makes that one input, since only the model knows its name and shape
   * @throws OipException when it is none
   */
  public static InferRequest request(
      byte[] body, OptionalLong headerLength, Function<ByteBuffer, Tensor> raw) {
    if (headerLength.isPresent() && headerLength.getAsLong() == 0) {
      Parameters binary = new Parameters(Map.of(Parameters.BINARY_DATA_OUTPUT, true));
      List<Tensor> only = List.of(raw.apply(ByteBuffer.wrap(body)));
      return new InferRequest("", "", "", binary, only, List.of());
    }
    RestReader reader = parse(body, headerLength);
    List<RequestedOutput> wanted = reader.outputs.stream().map(JsonTensor::requested).toList();
    return new InferRequest(
        reader.model,
        reader.version,
        reader.id,
        reader.parameters,
        reader.tensors(reader.inputs, false),
        wanted);
  }

  /**
   * The outputs that a request asks for, whatever its inputs are.
   *
   * @param headerLength as for {@link #request}
   * @throws OipException when it is none
   */
  public static List<RequestedOutput> wanted(byte[] body, OptionalLong headerLength) {
    if (headerLength.isPresent() && headerLength.getAsLong() == 0) {
      return List.of();
    }
    return parse(body, headerLength).outputs.stream().map(JsonTensor::requested).toList();
  }

  /**
   * An answer.
   *
   * @param body kept
   * @param headerLength the value of {@link RestBody#HEADER_LENGTH}; absent: all is JSON
   * @throws OipException when it is none
   */
  public static InferResponse response(byte[] body, OptionalLong headerLength) {
    RestReader reader = parse(body, headerLength);
    return new InferResponse(
        reader.model,
        reader.version,
        reader.id,
        reader.parameters,
        reader.tensors(reader.outputs, true));
  }

  private static RestReader parse(byte[] body, OptionalLong headerLength) {
    long json = headerLength.orElse(body.length);
    if (json < 0 || json > body.length) {
      throw OipException.invalid(
          RestBody.HEADER_LENGTH, "0 to " + body.length + " bytes", json, "correct the header");
    }
    RestReader reader = new RestReader(ByteBuffer.wrap(body, (int) json, body.length - (int) json));
    try (JsonParser parser = JsonForm.FACTORY.createParser(body, 0, (int) json)) {
      parser.nextToken();
      JsonForm.members(parser, "body", member -> reader.take(parser, member));
      if (parser.nextToken() != null) {
        throw OipException.invalid("body", "one JSON object", "more", "see binary_data_size");
      }
    } catch (IOException e) {
      // The parser's message quotes the body.
      throw OipException.invalid("body", "well-formed JSON", "a mistake in it", "correct it");
    }
    return reader;
  }

  private void take(JsonParser json, String member) throws IOException {
    switch (member) {
      case "model_name" -> model = JsonForm.text(json, member);
      case "model_version" -> version = JsonForm.text(json, member);
      case "id" -> id = JsonForm.text(json, member);
      case "parameters" -> parameters = JsonForm.parameters(json);
      case "inputs" ->
          JsonForm.elements(json, member, where -> inputs.add(JsonTensor.parse(json, where)));
      case "outputs" ->
          JsonForm.elements(json, member, where -> outputs.add(JsonTensor.parse(json, where)));
      default -> json.skipChildren();
    }
  }

  private List<Tensor> tensors(List<JsonTensor> parsed, boolean answered) {
    List<Tensor> tensors = parsed.stream().map(each -> each.build(binary, answered)).toList();
    if (binary.hasRemaining()) {
      throw OipException.invalid(
          "body",
          "binary_data_size of all that follows the JSON",
          binary.remaining() + " bytes more",
          "correct it");
    }
    return tensors;
  }
}
