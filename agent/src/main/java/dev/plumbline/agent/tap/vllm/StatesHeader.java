package dev.plumbline.agent.tap.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.tap.states.NumberForm;
import java.io.IOException;
import java.util.Iterator;

/**
 * The header of a hidden-states file: safetensors with {@code hidden_states [T, K, D]} and {@code
 * token_ids [T]}, int64. Every number is checked before anything is allocated by it.
 *
 * @param form of the states
 * @param tokens T of {@code hidden_states}
 * @param points K
 * @param hidden D
 * @param statesAt offset of the states in the file
 * @param ids length of {@code token_ids}
 * @param idsAt offset of the ids in the file
 * @param fileBytes size of a complete file
 */
record StatesHeader(
    NumberForm form,
    int tokens,
    int points,
    int hidden,
    long statesAt,
    int ids,
    long idsAt,
    long fileBytes) {
  /** Bytes of the header's length, at the start of the file. */
  static final int LENGTH_BYTES = 8;

  /** Two tensors need a few hundred bytes. */
  static final int LONGEST = 1 << 20;

  /** Longer than any context. */
  private static final int MOST_TOKENS = 1 << 24;

  private static final int LONG_BYTES = 8;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Of the bytes after the length.
   *
   * @throws BadStates if they are no header of such a file
   */
  static StatesHeader of(byte[] json) throws BadStates {
    JsonNode root = tree(json);
    long dataAt = LENGTH_BYTES + (long) json.length;
    JsonNode states = root.path("hidden_states");
    JsonNode ids = root.path("token_ids");
    int[] shape = shape(states, 3, "hidden_states");
    NumberForm form =
        NumberForm.of(states.path("dtype").asText())
            .orElseThrow(() -> bad("dtype", "F32, F16 or BF16", states.path("dtype")));
    require(ids.path("dtype").asText().equals("I64"), "token_ids", "I64", ids.path("dtype"));
    int[] idsShape = shape(ids, 1, "token_ids");
    require(idsShape[0] <= MOST_TOKENS, "token_ids", "at most " + MOST_TOKENS, idsShape[0]);
    long end = end(root);
    return new StatesHeader(
        form,
        shape[0],
        shape[1],
        shape[2],
        dataAt + begin(states, form.bytes(), shape, "hidden_states"),
        idsShape[0],
        dataAt + begin(ids, LONG_BYTES, idsShape, "token_ids"),
        Math.addExact(dataAt, end));
  }

  private static JsonNode tree(byte[] json) throws BadStates {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (IOException e) {
      // Said below.
    }
    throw bad("header", "a JSON object", json.length + " other bytes");
  }

  private static int[] shape(JsonNode tensor, int extents, String name) throws BadStates {
    JsonNode shape = tensor.path("shape");
    require(shape.size() == extents, name, extents + " extents", shape);
    int[] sizes = new int[extents];
    for (int i = 0; i < extents; i++) {
      int least = i == 0 ? 0 : 1;
      require(
          shape.get(i).canConvertToInt() && shape.get(i).intValue() >= least,
          name,
          "a size",
          shape);
      sizes[i] = shape.get(i).intValue();
    }
    return sizes;
  }

  /** The first data offset, once the two of them span exactly the shape. */
  private static long begin(JsonNode tensor, int width, int[] shape, String name) throws BadStates {
    long bytes = width;
    try {
      for (int size : shape) {
        bytes = Math.multiplyExact(bytes, (long) size);
      }
    } catch (ArithmeticException e) {
      throw bad(name, "a size that exists", tensor.path("shape"));
    }
    JsonNode offsets = tensor.path("data_offsets");
    long begin = offsets.path(0).asLong(-1);
    long end = offsets.path(1).asLong(-1);
    require(
        offsets.size() == 2 && begin >= 0 && end >= begin && end - begin == bytes,
        name,
        bytes + " bytes",
        offsets);
    return begin;
  }

  private static long end(JsonNode root) {
    long end = 0;
    for (Iterator<JsonNode> tensors = root.elements(); tensors.hasNext(); ) {
      end = Math.max(end, tensors.next().path("data_offsets").path(1).asLong(0));
    }
    return Math.min(end, Long.MAX_VALUE >> 1);
  }

  private static void require(boolean holds, String where, String wanted, Object found)
      throws BadStates {
    if (!holds) {
      throw bad(where, wanted, found);
    }
  }

  private static BadStates bad(String where, String wanted, Object found) {
    return BadStates.broken("hidden-states file, " + where, wanted, found);
  }
}
