package dev.plumbline.agent.wire.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Optional;

/**
 * A tensor of a request or an answer.
 *
 * @param name as the model names it
 * @param parameters without those of the binary and the shared memory extension
 * @param content its elements, or where they lie; elements fit datatype and shape
 */
public record Tensor(
    String name, Datatype datatype, Shape shape, Parameters parameters, Content content) {

  /** Elements, or the place of them. */
  public sealed interface Content {}

  /**
   * Elements, little-endian and row-major.
   *
   * @param bytes not copied; the buffer's place and limit are never moved
   */
  public record Elements(ByteBuffer bytes) implements Content {
    public Elements {
      bytes = bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A view of its own place, little-endian. */
    @Override
    public ByteBuffer bytes() {
      return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /**
   * Elements in a region that both sides map.
   *
   * @param where the place
   */
  public record InRegion(SharedMemory where) implements Content {}

  /** Elements of an answer's output that only its request says the place of. */
  public record Elsewhere() implements Content {}

  public Tensor {
    Objects.requireNonNull(datatype, "datatype");
    Objects.requireNonNull(parameters, "parameters");
    if (content instanceof Elements elements) {
      requireSize(name, datatype, shape, elements.bytes().remaining());
    }
  }

  /** A tensor of these elements, without parameters. */
  public static Tensor of(String name, Datatype datatype, Shape shape, ByteBuffer elements) {
    return new Tensor(name, datatype, shape, Parameters.NONE, new Elements(elements));
  }

  /** Its elements, when they came along. */
  public Optional<ByteBuffer> elements() {
    return content instanceof Elements elements ? Optional.of(elements.bytes()) : Optional.empty();
  }

  /** The same with other content. */
  public Tensor with(Content other) {
    return new Tensor(name, datatype, shape, parameters, other);
  }

  /**
   * Checks that so many bytes are the elements of a shape. For {@link Datatype#BYTES} only that
   * they can be: see {@link Texts}.
   */
  static void requireSize(String name, Datatype datatype, Shape shape, long found) {
    long elements = shape.elements();
    int each = datatype == Datatype.BYTES ? Integer.BYTES : datatype.bytes();
    boolean fits =
        elements <= found / each && (datatype == Datatype.BYTES || elements * each == found);
    if (!fits) {
      throw OipException.invalid(
          "tensor " + name,
          "the bytes of " + datatype + " " + shape,
          found + " bytes",
          "correct the shape");
    }
  }
}
