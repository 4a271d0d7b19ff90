package dev.plumbline.agent.tap.vllm;

import dev.plumbline.agent.tap.states.NumberForm;
import dev.plumbline.torch.checkpoint.file.Half;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes hidden-states files as {@code ExampleHiddenStatesConnector} does, and worse. */
final class StatesFiles {
  private StatesFiles() {}

  /** The numbers of a tensor as an origin writes them, little-endian. */
  static byte[] numbers(float[][] rows, NumberForm form) {
    int width = rows.length == 0 ? 0 : rows[0].length;
    ByteBuffer buffer =
        ByteBuffer.allocate(rows.length * width * form.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        switch (form) {
          case F32 -> buffer.putFloat(value);
          case F16 -> buffer.putShort(Half.fromFloat(value));
          case BF16 -> buffer.putShort(Half.toBfloat16(value));
        }
      }
    }
    return buffer.array();
  }

  /** A whole file: {@code hidden_states [T, K, D]} with every tap point alike, and token ids. */
  static byte[] file(float[][] states, long[] ids, int points, NumberForm form) {
    int width = states.length == 0 ? 8 : states[0].length;
    float[][] tiled = new float[states.length * points][];
    for (int i = 0; i < tiled.length; i++) {
      tiled[i] = states[i / points];
    }
    byte[] data = numbers(tiled, form);
    String header =
        ("{\"hidden_states\":{\"dtype\":\"%s\",\"shape\":[%d,%d,%d],\"data_offsets\":[0,%d]},"
                + "\"token_ids\":{\"dtype\":\"I64\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}")
            .formatted(
                form,
                states.length,
                points,
                width,
                data.length,
                ids.length,
                data.length,
                data.length + 8 * ids.length);
    ByteBuffer tail = ByteBuffer.allocate(8 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    tail.asLongBuffer().put(ids);
    return withHeader(header, concat(data, tail.array()));
  }

  static byte[] withHeader(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length);
    return concat(concat(length.array(), json), data);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] all = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /** With its lock file beside it, as the connector leaves it. */
  static Path write(Path directory, String name, byte[] file) throws IOException {
    Files.write(directory.resolve(name + ".lock"), new byte[0]);
    return Files.write(directory.resolve(name), file);
  }
}
