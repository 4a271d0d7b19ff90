package dev.plumbline.torch.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A trusted safetensors file read whole into float64: eight bytes of header length, a JSON header,
 * then the data (little-endian). For tests and their own fixtures; it defends itself against
 * nothing.
 */
public final class ReferenceTensors {

  private final Map<String, double[]> values = new HashMap<>();
  private final Map<String, int[]> shapes = new HashMap<>();

  public static ReferenceTensors read(Path file) throws IOException {
    ReferenceTensors tensors = new ReferenceTensors();
    tensors.add(file);
    return tensors;
  }

  /** Adds another shard. */
  public void add(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = Math.toIntExact(bytes.getLong());
    JsonNode header = new ObjectMapper().readTree(bytes.array(), Long.BYTES, length);
    ByteBuffer data = bytes.position(Long.BYTES + length).slice().order(ByteOrder.LITTLE_ENDIAN);
    header.properties().forEach(entry -> add(entry.getKey(), entry.getValue(), data));
  }

  private void add(String name, JsonNode entry, ByteBuffer data) {
    if (name.equals("__metadata__")) {
      return;
    }
    int[] shape = new int[entry.get("shape").size()];
    int count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = entry.get("shape").get(i).asInt();
      count *= shape[i];
    }
    int from = entry.get("data_offsets").get(0).asInt();
    double[] elements = new double[count];
    for (int i = 0; i < count; i++) {
      elements[i] = element(entry.get("dtype").asText(), data, from, i);
    }
    shapes.put(name, shape);
    values.put(name, elements);
  }

  private static double element(String dtype, ByteBuffer data, int from, int i) {
    return switch (dtype) {
      case "F64" -> data.getDouble(from + 8 * i);
      case "F32" -> data.getFloat(from + 4 * i);
      case "F16" -> half(data.getShort(from + 2 * i));
      case "BF16" -> Float.intBitsToFloat(data.getShort(from + 2 * i) << 16);
      case "I64" -> data.getLong(from + 8 * i);
      default ->
          throw new IllegalArgumentException(
              "wanted F64, F32, F16, BF16 or I64, found "
                  + dtype
                  + " in a fixture; write it in one of those");
    };
  }

  /**
   * IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits; no infinities in
   * fixtures.
   */
  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double size =
        exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(fraction + 0x400, exponent - 25);
    return bits < 0 ? -size : size;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The names in no order. */
  public Iterable<String> names() {
    return values.keySet();
  }

  /** All elements, row-major, or null; not a copy. */
  public double[] vector(String name) {
    return values.get(name);
  }

  /** A two-dimensional tensor by rows, copied. */
  public double[][] matrix(String name) {
    int[] shape = shapes.get(name);
    double[][] rows = new double[shape[0]][shape[1]];
    for (int r = 0; r < shape[0]; r++) {
      System.arraycopy(values.get(name), r * shape[1], rows[r], 0, shape[1]);
    }
    return rows;
  }

  public int[] integers(String name) {
    double[] elements = values.get(name);
    int[] integers = new int[elements.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = (int) elements[i];
    }
    return integers;
  }
}
