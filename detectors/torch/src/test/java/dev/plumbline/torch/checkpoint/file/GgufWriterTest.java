package dev.plumbline.torch.checkpoint.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
  @TempDir Path folder;

  private static GgufWriter everything() {
    return new GgufWriter()
        .text("general.architecture", "llama")
        .u32("a.u32", -1)
        .i32("a.i32", -7)
        .u64("a.u64", 1L << 40)
        .i64("a.i64", -3)
        .f32("a.f32", 0.1f)
        .f64("a.f64", 0.1)
        .flag("a.flag", true)
        .texts("a.texts", List.of("ä", ""))
        .i32s("a.i32s", 1, -2)
        .f32s("a.f32s", 1.5f)
        .tensor("one", TensorType.F32, List.of(2L, 3L), () -> new float[] {1, 2, 3, 4, 5, 6})
        .tensor("two", TensorType.F16, List.of(5L), () -> new float[] {1, -2, 0.5f, 0, 65504});
  }

  @Test
  void write_everyKindOfValue_isReadBackAsItWas() {
    Path file = folder.resolve("all.gguf");
    everything().write(file);
    Gguf read = Gguf.open(file);
    GgufMetadata metadata = read.metadata();
    assertThat(metadata.requireText("general.architecture")).isEqualTo("llama");
    assertThat(metadata.number("a.u32")).contains(4294967295.0);
    assertThat(metadata.requireInteger("a.i32")).isEqualTo(-7);
    assertThat(metadata.number("a.u64")).contains((double) (1L << 40));
    assertThat(metadata.requireInteger("a.i64")).isEqualTo(-3);
    assertThat(metadata.number("a.f32")).contains((double) 0.1f);
    assertThat(metadata.number("a.f64")).contains(0.1);
    assertThat(metadata.flag("a.flag")).contains(true);
    assertThat(metadata.texts("a.texts")).contains(List.of("ä", ""));
    assertThat(metadata.integers("a.i32s").orElseThrow()).containsExactly(1, -2);
    assertThat(metadata.numbers("a.f32s").orElseThrow()).containsExactly(1.5);
    assertThat(read.info("one").shape()).containsExactly(2L, 3L);
    assertThat(read.read("one")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(read.read("two")).containsExactly(1, -2, 0.5f, 0, 65504);
    GgufLayout.requireCanonical(read);
  }

  @Test
  void like_copyOfAFile_isTheSameBytes() throws IOException {
    Path file = folder.resolve("a.gguf");
    everything().write(file);
    Path again = folder.resolve("b.gguf");
    Gguf read = Gguf.open(file);
    GgufWriter copy = GgufWriter.like(read);
    read.names().forEach(name -> copy.copy(name, read, name));
    copy.write(again);
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void like_fileWithoutPaddingAtItsEnd_isTheSameBytes() throws IOException {
    Path file = folder.resolve("a.gguf");
    everything().write(file);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 22));
    Gguf read = Gguf.open(file);
    GgufWriter copy = GgufWriter.like(read);
    read.names().forEach(name -> copy.copy(name, read, name));
    copy.write(folder.resolve("b.gguf"));
    assertThat(Files.readAllBytes(folder.resolve("b.gguf"))).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void requireCanonical_somethingInThePadding_isRefused() throws IOException {
    Path file = folder.resolve("a.gguf");
    everything().write(file);
    byte[] whole = Files.readAllBytes(file);
    whole[whole.length - 1] = 1;
    Files.write(file, whole);
    Gguf read = Gguf.open(file);
    assertThatThrownBy(() -> GgufLayout.requireCanonical(read))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("padding of zeroes");
  }

  @Test
  void write_supplierThatFails_leavesTheTargetAsItWas() throws IOException {
    Path file = folder.resolve("a.gguf");
    Files.writeString(file, "before");
    GgufWriter writer =
        new GgufWriter().tensor("t", TensorType.F32, List.of(2L), () -> new float[3]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write(file))
        .withMessageContaining("wanted 2 values for t, found 3");
    assertThat(file).hasContent("before");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void tensor_whatLlamaCppWouldNotLoad_isRefused() {
    GgufWriter writer = new GgufWriter();
    for (String name : List.of("", "x".repeat(64))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.tensor(name, TensorType.F32, List.of(1L), () -> new float[1]));
    }
    for (List<Long> shape : List.of(List.<Long>of(), List.of(0L), List.of(1L, 1L, 1L, 1L, 1L))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.tensor("t", TensorType.F32, shape, () -> new float[1]));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.tensor("t", TensorType.Q8_0, List.of(32L), () -> new float[32]));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.text("k", "").text("k", ""));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.u32("general.alignment", 64));
  }
}
