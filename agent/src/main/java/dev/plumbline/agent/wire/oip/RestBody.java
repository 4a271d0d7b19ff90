package dev.plumbline.agent.wire.oip;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;

/**
 * A body to send: JSON, and after it the binary tensors.
 *
 * @param json UTF-8; handed over
 * @param binary tensors in binary, in the JSON's order; not copied
 */
public record RestBody(byte[] json, List<ByteBuffer> binary) {
  /** The header that says how long the JSON is. */
  public static final String HEADER_LENGTH = "Inference-Header-Content-Length";

  /** What a body with binary tensors is. */
  public static final String BINARY_TYPE = "application/octet-stream";

  public static final String JSON_TYPE = "application/json";

  public RestBody {
    binary = List.copyOf(binary);
  }

  /** The value of {@link #HEADER_LENGTH}; absent when all is JSON. */
  public OptionalInt headerLength() {
    return binary.isEmpty() ? OptionalInt.empty() : OptionalInt.of(json.length);
  }

  public String contentType() {
    return binary.isEmpty() ? JSON_TYPE : BINARY_TYPE;
  }

  /** All of it, copied together. */
  public byte[] toBytes() {
    int size = json.length + binary.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer all = ByteBuffer.allocate(size).put(json);
    binary.forEach(part -> all.put(part.duplicate()));
    return all.array();
  }
}
