package dev.plumbline.agent.wire.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Writes bodies of {@code /v2/models/M/infer}. */
public final class RestWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<ByteBuffer> binary = new ArrayList<>();
  private final JsonGenerator json;

  private RestWriter() throws IOException {
    json = JsonForm.FACTORY.createGenerator(bytes);
  }

  private interface Content {
    void writeTo(RestWriter writer) throws IOException;
  }

  /**
   * A request.
   *
   * @param inBinary which inputs follow the JSON in binary
   */
  public static RestBody request(InferRequest request, Predicate<Tensor> inBinary) {
    return write(
        writer -> {
          writer.head(request.model(), request.version(), request.id(), request.parameters());
          writer.tensors("inputs", request.inputs(), inBinary);
          if (!request.outputs().isEmpty()) {
            writer.requested(request.outputs());
          }
        });
  }

  /**
   * An answer.
   *
   * @param inBinary which outputs follow the JSON in binary
   */
  public static RestBody response(InferResponse response, Predicate<Tensor> inBinary) {
    return write(
        writer -> {
          writer.head(response.model(), response.version(), response.id(), response.parameters());
          writer.tensors("outputs", response.outputs(), inBinary);
        });
  }

  /** The body of every refusal. */
  public static RestBody error(String message) {
    return write(writer -> writer.json.writeStringField("error", message));
  }

  private static RestBody write(Content content) {
    try {
      RestWriter writer = new RestWriter();
      try (JsonGenerator json = writer.json) {
        json.writeStartObject();
        content.writeTo(writer);
        json.writeEndObject();
      }
      return new RestBody(writer.bytes.toByteArray(), writer.binary);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head(String model, String version, String id, Parameters parameters)
      throws IOException {
    text("model_name", model);
    text("model_version", version);
    text("id", id);
    parameters(parameters);
  }

  private void text(String name, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(name, value);
    }
  }

  private void parameters(Parameters parameters) throws IOException {
    if (parameters.values().isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("parameters");
    for (Map.Entry<String, Object> each : new TreeMap<>(parameters.values()).entrySet()) {
      json.writeFieldName(each.getKey());
      value(each.getValue());
    }
    json.writeEndObject();
  }

  private void value(Object value) throws IOException {
    if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Long whole) {
      json.writeNumber(whole);
    } else if (value instanceof Double number) {
      number(number);
    } else {
      json.writeString((String) value);
    }
  }

  private void requested(List<RequestedOutput> outputs) throws IOException {
    json.writeArrayFieldStart("outputs");
    for (RequestedOutput output : outputs) {
      json.writeStartObject();
      json.writeStringField("name", output.name());
      parameters(
          output.region().map(r -> r.addTo(output.parameters())).orElse(output.parameters()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void tensors(String name, List<Tensor> tensors, Predicate<Tensor> inBinary)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Tensor tensor : tensors) {
      json.writeStartObject();
      json.writeStringField("name", tensor.name());
      json.writeStringField("datatype", tensor.datatype().name());
      json.writeArrayFieldStart("shape");
      for (long size : tensor.shape().sizes()) {
        json.writeNumber(size);
      }
      json.writeEndArray();
      content(tensor, inBinary.test(tensor));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void content(Tensor tensor, boolean inBinary) throws IOException {
    if (tensor.content() instanceof Tensor.InRegion region) {
      parameters(region.where().addTo(tensor.parameters()));
      return;
    }
    ByteBuffer elements = tensor.elements().orElseThrow();
    if (inBinary) {
      long size = elements.remaining();
      parameters(tensor.parameters().with(Parameters.BINARY_DATA_SIZE, size));
      binary.add(elements);
    } else {
      parameters(tensor.parameters());
      json.writeArrayFieldStart("data");
      data(tensor, elements);
      json.writeEndArray();
    }
  }

  private void data(Tensor tensor, ByteBuffer elements) throws IOException {
    Datatype type = tensor.datatype();
    if (type == Datatype.BYTES) {
      for (byte[] text : Texts.unpack(tensor)) {
        json.writeString(new String(text, StandardCharsets.UTF_8));
      }
      return;
    }
    int count = elements.remaining() / type.bytes();
    for (int i = 0; i < count; i++) {
      element(type, elements, i);
    }
  }

  private void element(Datatype type, ByteBuffer elements, int at) throws IOException {
    if (type == Datatype.FP64) {
      number(Floats.read(type, elements, at));
    } else if (type.floating()) {
      // As a float, so that the shortest digits that mean it are written.
      float value = (float) Floats.read(type, elements, at);
      if (Float.isFinite(value)) {
        json.writeNumber(value);
      } else {
        json.writeNull();
      }
    } else if (type == Datatype.BOOL) {
      json.writeBoolean(Wholes.read(type, elements, at) != 0);
    } else if (type == Datatype.UINT64) {
      json.writeNumber(Long.toUnsignedString(Wholes.read(type, elements, at)));
    } else {
      json.writeNumber(Wholes.read(type, elements, at));
    }
  }

  /** JSON has no word for what is not finite. */
  private void number(double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }
}
