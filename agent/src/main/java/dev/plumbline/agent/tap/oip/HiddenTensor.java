package dev.plumbline.agent.tap.oip;

import dev.plumbline.agent.tap.states.NumberForm;
import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.agent.wire.oip.InferResponse;
import dev.plumbline.agent.wire.oip.Parameters;
import dev.plumbline.agent.wire.oip.Shape;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.score.UnscoredReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An output tensor seen as hidden states of T tokens at K tap points: {@code [T, D]} or {@code [1,
 * T, D]} or {@code [T, 1, D]} for one, {@code [T, K, D]} or {@code [1, T, K, D]} for more.
 *
 * @param tensor of a datatype with a {@link NumberForm}; {@code UINT16} is what servers without
 *     {@code BF16} send its bits as
 * @param points K
 * @param hidden D
 * @param promptTokens tokens at the beginning that belong to the prompt
 */
record HiddenTensor(Tensor tensor, NumberForm form, int points, int hidden, int promptTokens) {
  /** The parameter of a tensor or of its answer that says where the answer's tokens begin. */
  static final String PROMPT_TOKENS = "prompt_tokens";

  /**
   * Looks at an output.
   *
   * @throws Unusable when it is in shared memory, of another datatype or of another shape
   */
  static HiddenTensor of(InferResponse answer, Tensor tensor, int points) throws Unusable {
    if (tensor.elements().isEmpty()) {
      throw new Unusable(
          UnscoredReason.NO_HIDDEN_STATES,
          "elements in the answer",
          "a place outside of it",
          "register regions through this agent and see states.shared-memory");
    }
    List<Long> sizes = sizes(tensor.shape(), points);
    int hidden = (int) Math.min(Integer.MAX_VALUE, sizes.get(sizes.size() - 1));
    if (hidden == 0 || (points > 1 && sizes.get(1) != points)) {
      throw new Unusable(
          hidden == 0 ? UnscoredReason.TAP_ERROR : UnscoredReason.WRONG_MODEL,
          "[T, " + points + ", D]",
          tensor.shape(),
          "have the model output the direction's tap points in forward order");
    }
    HiddenTensor states =
        new HiddenTensor(tensor, form(tensor.datatype()), points, hidden, prompt(answer, tensor));
    if (states.promptTokens > states.tokens()) {
      throw new Unusable(
          UnscoredReason.TAP_ERROR,
          "at most " + states.tokens() + " prompt_tokens",
          states.promptTokens,
          "correct the model's parameter");
    }
    return states;
  }

  private static List<Long> sizes(Shape shape, int points) throws Unusable {
    List<Long> sizes = new ArrayList<>(shape.sizes());
    int rank = points == 1 ? 2 : 3;
    if (sizes.size() == rank + 1 && sizes.get(0) == 1) {
      sizes.remove(0);
    } else if (points == 1 && sizes.size() == 3 && sizes.get(1) == 1) {
      sizes.remove(1);
    }
    if (sizes.size() != rank) {
      throw new Unusable(
          UnscoredReason.TAP_ERROR,
          points == 1 ? "[T, D], [1, T, D] or [T, 1, D]" : "[T, " + points + ", D]",
          shape,
          "send one sequence an answer");
    }
    return sizes;
  }

  private static NumberForm form(Datatype type) throws Unusable {
    return switch (type) {
      case FP32 -> NumberForm.F32;
      case FP16 -> NumberForm.F16;
      case BF16, UINT16 -> NumberForm.BF16;
      default ->
          throw new Unusable(
              UnscoredReason.TAP_ERROR,
              "FP32, FP16, BF16 or UINT16",
              type,
              "have the model output one of them");
    };
  }

  private static int prompt(InferResponse answer, Tensor tensor) {
    Parameters own = tensor.parameters();
    long tokens =
        own.whole(PROMPT_TOKENS).orElse(answer.parameters().whole(PROMPT_TOKENS).orElse(0));
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, tokens));
  }

  /** T; as many as there are bytes for, since D is above 0. */
  int tokens() {
    return (int) (bytes().remaining() / ((long) form.bytes() * hidden * points));
  }

  /** Of all elements, little-endian. */
  ByteBuffer bytes() {
    return tensor.elements().orElseThrow();
  }

  /** The datatype its numbers are read and written as. */
  Datatype numbers() {
    return tensor.datatype() == Datatype.UINT16 ? Datatype.BF16 : tensor.datatype();
  }

  /** Rows {@code [(T − from)·K]} of D numbers, copied. */
  List<byte[]> rows(int from) {
    int size = form.bytes() * hidden;
    ByteBuffer bytes = bytes();
    bytes.position(bytes.position() + from * points * size);
    List<byte[]> rows = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] row = new byte[size];
      bytes.get(row);
      rows.add(row);
    }
    return rows;
  }
}
