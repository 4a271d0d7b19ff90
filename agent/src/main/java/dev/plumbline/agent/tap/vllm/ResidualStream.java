package dev.plumbline.agent.tap.vllm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.tap.states.NumberForm;
import dev.plumbline.agent.tap.states.StateRows;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * {@code activations.residual_stream}: {@code [K, T, D]} as {@code {data, dtype, original_dtype,
 * shape, compression}}; {@code data} is base64 of the bytes, little-endian, usually within zstd.
 * bfloat16 travels as int16, {@code original_dtype} tells. Unpacked row by row, so a small text
 * that claims to be a huge tensor allocates nothing for it.
 */
final class ResidualStream {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .build());

  private final byte[] data;
  private final boolean zstd;
  private final NumberForm form;
  private final int[] shape;

  private ResidualStream(byte[] data, boolean zstd, NumberForm form, int[] shape) {
    this.data = data;
    this.zstd = zstd;
    this.form = form;
    this.shape = shape;
  }

  /** Of the {@code activations} object. */
  static ResidualStream parse(byte[] json) throws IOException, BadStates {
    JsonNode node = MAPPER.readTree(json).path("residual_stream");
    String compression = node.path("compression").asText("none");
    if (!compression.equals("zstd") && !compression.equals("none")) {
      throw BadStates.broken("activations", "compression zstd or none", compression);
    }
    byte[] data = node.path("data").binaryValue();
    if (data == null) {
      throw BadStates.broken("activations", "data in base64", node.path("data").getNodeType());
    }
    return new ResidualStream(data, compression.equals("zstd"), form(node), shape(node));
  }

  private static NumberForm form(JsonNode node) throws BadStates {
    String stored = node.path("dtype").asText();
    boolean bits = stored.equals("int16") || stored.equals("uint16");
    Optional<NumberForm> form =
        bits
            ? NumberForm.of(node.path("original_dtype").asText()).filter(f -> f.bytes() == 2)
            : NumberForm.of(stored);
    return form.orElseThrow(
        () -> BadStates.broken("activations", "bfloat16, float16 or float32", stored));
  }

  private static int[] shape(JsonNode node) throws BadStates {
    JsonNode shape = node.path("shape");
    int[] sizes = new int[3];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape.path(i).canConvertToInt() ? shape.path(i).intValue() : 0;
    }
    if (shape.size() != sizes.length || sizes[0] < 1 || sizes[1] < 1 || sizes[2] < 1) {
      throw BadStates.broken("activations", "a shape [layers, tokens, width]", shape);
    }
    return sizes;
  }

  /** K. */
  int points() {
    return shape[0];
  }

  /** T, the prompt's and the answer's without the last sampled one. */
  int tokens() {
    return shape[1];
  }

  /** The states from a token on. */
  StateRows rows(int from, List<TapPoint> points, long mostBytes) throws IOException, BadStates {
    long row = (long) shape[2] * form.bytes();
    long most = mostBytes / row / shape[0];
    if (shape[1] > most) {
      throw new BadStates(
          UnscoredReason.TOO_LONG,
          "activations",
          "at most " + mostBytes + " bytes",
          "a shape of more",
          "capture fewer layers");
    }
    try (InputStream in = open()) {
      byte[][] rows = unpack(in, from, (int) row);
      if (in.read() >= 0) {
        throw BadStates.broken("activations", "as many bytes as the shape has", "more");
      }
      return new StateRows(points, shape[2], form, rows);
    } catch (MalformedInputException e) {
      throw BadStates.broken("activations", "sound zstd", "a broken frame");
    }
  }

  private InputStream open() {
    InputStream raw = new ByteArrayInputStream(data);
    return zstd ? new ZstdInputStream(raw) : raw;
  }

  private byte[][] unpack(InputStream in, int from, int row) throws IOException, BadStates {
    byte[][] rows = new byte[(shape[1] - from) * shape[0]][];
    for (int k = 0; k < shape[0]; k++) {
      for (int t = 0; t < shape[1]; t++) {
        byte[] each = in.readNBytes(row);
        if (each.length < row) {
          throw BadStates.broken("activations", "as many bytes as the shape has", "fewer");
        }
        if (t >= from) {
          rows[(t - from) * shape[0] + k] = each;
        }
      }
    }
    return rows;
  }
}
