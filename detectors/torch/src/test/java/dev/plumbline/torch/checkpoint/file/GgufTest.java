package dev.plumbline.torch.checkpoint.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufTest {
  @TempDir Path folder;

  static void text(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putLong(bytes.length).put(bytes);
  }

  private Path file(int version, long tensors, long keys, Consumer<ByteBuffer> rest)
      throws IOException {
    ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x46554747).putInt(version).putLong(tensors).putLong(keys);
    rest.accept(out);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return Files.write(folder.resolve("x.gguf"), bytes);
  }

  private static void refused(Path file, String... parts) {
    assertThatThrownBy(() -> Gguf.open(file))
        .isInstanceOf(BadFileException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void open_everyKindOfValue_givesIt() throws IOException {
    Path file =
        file(
            2,
            1,
            5,
            out -> {
              text(out, "u8");
              out.putInt(0).put((byte) 200);
              text(out, "i16");
              out.putInt(3).putShort((short) -5);
              text(out, "f64");
              out.putInt(12).putDouble(0.25);
              text(out, "nested");
              out.putInt(9).putInt(9).putLong(1).putInt(7).putLong(2).put((byte) 1).put((byte) 0);
              text(out, "floats");
              out.putInt(9).putInt(6).putLong(2).putFloat(1.5f).putFloat(-2);
              text(out, "w");
              out.putInt(2).putLong(32).putLong(2).putInt(8).putLong(0);
              out.position((out.position() + 31) / 32 * 32 + 68);
            });
    try (Gguf read = Gguf.open(file)) {
      assertThat(read.metadata().integer("u8")).hasValue(200);
      assertThat(read.metadata().integer("i16")).hasValue(-5);
      assertThat(read.metadata().number("f64")).hasValue(0.25);
      assertThat(read.metadata().numbers("floats").orElseThrow()).containsExactly(1.5, -2);
      assertThat(read.metadata().keys()).contains("nested");
      assertThat(read.info("w").shape()).containsExactly(2L, 32L);
      assertThat(read.read("w")).hasSize(64).containsOnly(0f);
      assertThatThrownBy(() -> read.metadata().text("u8")).hasMessageContaining("metadata u8");
    }
  }

  @Test
  void open_unalignedRange_equalsWholeRead() {
    Gguf file = Gguf.open(Path.of("src/test/resources/checkpoint/tiny-llama.gguf"));
    float[] all = file.read("blk.0.ffn_gate.weight");
    float[] part = new float[70];
    file.read("blk.0.ffn_gate.weight", 13, part, 3, 60);
    for (int i = 0; i < 60; i++) {
      assertThat(part[3 + i]).isEqualTo(all[13 + i]);
    }
  }

  @Test
  void open_wrongPreamble_refusedWithReason() throws IOException {
    refused(file(1, 0, 0, out -> {}), "offset 4", "version 2 or 3");
    refused(file(3 << 24, 0, 0, out -> {}), "big-endian");
    refused(file(3, 1L << 60, 0, out -> {}), "tensors");
    refused(file(3, 0, -1, out -> {}), "metadata keys");
    refused(Files.writeString(folder.resolve("t"), "not a model at all"), "the letters GGUF");
  }

  @Test
  void open_hostileLengths_refusedBeforeAllocation() throws IOException {
    refused(file(3, 0, 1, out -> out.putLong(Long.MAX_VALUE).put(new byte[64])), "a metadata key");
    Path array =
        file(
            3,
            0,
            1,
            out -> {
              text(out, "k");
              out.putInt(9).putInt(10).putLong(1L << 40).put(new byte[64]);
            });
    refused(array, "k of at most");
    refused(tensor(4, 1L << 31, 1L << 31, 1L << 31, 2, 0, 0), "a shape that F32");
    refused(tensor(1, -1, 0, 0, 0, 0, 0), "tensor w");
    refused(tensor(1, 8, 0, 0, 0, 99, 0), "ggml type 99");
    refused(tensor(1, 8, 0, 0, 0, 0, 64), "a range inside");
    refused(tensor(1, 31, 0, 0, 0, 8, 0), "rows of a multiple of 32");
    refused(tensor(9, 8, 0, 0, 0, 0, 0), "1 to 4 extents");
  }

  private Path tensor(int extents, long a, long b, long c, long d, int type, long offset)
      throws IOException {
    return file(
        3,
        1,
        0,
        out -> {
          text(out, "w");
          out.putInt(extents);
          long[] shape = {a, b, c, d};
          for (int i = 0; i < Math.min(4, extents); i++) {
            out.putLong(shape[i]);
          }
          out.putInt(type).putLong(offset).position(128);
        });
  }
}
