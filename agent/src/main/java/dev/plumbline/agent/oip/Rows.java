package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.agent.wire.oip.Floats;
import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.agent.wire.oip.Shape;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.score.UnscoredReason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Hidden states {@code [T,D]} as they lie in a tensor. Not copied; one thread at a time. */
final class Rows {
  private final Tensor tensor;
  private final ByteBuffer bytes;
  private final int tokens;
  private final int hidden;

  private Rows(Tensor tensor, int tokens, int hidden) {
    this.tensor = tensor;
    this.bytes = tensor.elements().orElseThrow();
    this.tokens = tokens;
    this.hidden = hidden;
  }

  /**
   * Of a tensor {@code [T,D]} or {@code [1,T,D]} with its elements.
   *
   * @param hidden D of the artefact
   * @throws OipException when it is of another form
   */
  static Rows of(Tensor tensor, int hidden) {
    Datatype type = tensor.datatype();
    if (type != Datatype.FP32 && type != Datatype.FP16 && type != Datatype.BF16) {
      throw OipException.invalid(
          "input " + tensor.name(), "FP32, FP16 or BF16", type, "convert the hidden states");
    }
    Shape shape = tensor.shape();
    boolean batch = shape.rank() == 3 && shape.size(0) == 1;
    int first = batch ? 1 : 0;
    if (shape.rank() - first != 2 || shape.size(first) < 1 || shape.size(first + 1) != hidden) {
      throw new Refusal(
          OipFault.INVALID,
          UnscoredReason.WRONG_MODEL,
          "input %s: wanted [T,%d] with a T of 1 or above, found %s; send the direction's model's"
              .formatted(tensor.name(), hidden, shape));
    }
    return new Rows(tensor, Math.toIntExact(shape.size(first)), hidden);
  }

  /** T. */
  int tokens() {
    return tokens;
  }

  Tensor tensor() {
    return tensor;
  }

  /** Widens one hidden state into {@code [D]}; exact. */
  void read(int token, float[] into) {
    Datatype type = tensor.datatype();
    int at = bytes.position() + token * hidden * type.bytes();
    switch (type) {
      case FP32 -> {
        for (int i = 0; i < hidden; i++) {
          into[i] = bytes.getFloat(at + 4 * i);
        }
      }
      case BF16 -> {
        for (int i = 0; i < hidden; i++) {
          into[i] = Float.intBitsToFloat(bytes.getShort(at + 2 * i) << 16);
        }
      }
      default -> {
        for (int i = 0; i < hidden; i++) {
          into[i] = (float) Floats.read(type, bytes, token * hidden + i);
        }
      }
    }
  }

  /**
   * Writes one hidden state {@code [D]} in its datatype.
   *
   * @param into a {@link #copy}
   */
  void write(int token, double[] state, ByteBuffer into) {
    Datatype type = tensor.datatype();
    if (type == Datatype.FP32) {
      for (int i = 0; i < hidden; i++) {
        into.putFloat(4 * (token * hidden + i), (float) state[i]);
      }
    } else {
      for (int i = 0; i < hidden; i++) {
        Floats.write(type, into, token * hidden + i, state[i]);
      }
    }
  }

  /** A copy to change. */
  ByteBuffer copy() {
    return ByteBuffer.allocate(bytes.remaining())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(bytes.duplicate())
        .flip();
  }
}
