package dev.plumbline.agent.wire.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Elements of {@link Datatype#BYTES}: each a u32 length, little-endian, and as many bytes. */
public final class Texts {
  private Texts() {}

  /** Packs elements. */
  public static ByteBuffer pack(List<byte[]> elements) {
    int size = elements.stream().mapToInt(each -> Integer.BYTES + each.length).sum();
    ByteBuffer packed = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elements.forEach(each -> packed.putInt(each.length).put(each));
    return packed.flip();
  }

  /** One text, packed. */
  public static ByteBuffer pack(String text) {
    return pack(List.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Unpacks a tensor's elements.
   *
   * @throws OipException when lengths and bytes do not agree
   */
  public static List<byte[]> unpack(Tensor tensor) {
    ByteBuffer bytes = tensor.elements().orElseThrow();
    List<byte[]> elements = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
      if (length < 0 || length > bytes.remaining()) {
        throw OipException.invalid(
            "tensor " + tensor.name(), "lengths within its bytes", "one beyond", "pack it again");
      }
      byte[] element = new byte[length];
      bytes.get(element);
      elements.add(element);
    }
    if (elements.size() != tensor.shape().elements()) {
      throw OipException.invalid(
          "tensor " + tensor.name(),
          "shape " + tensor.shape(),
          elements.size() + " texts",
          "correct the shape");
    }
    return elements;
  }
}
