package dev.plumbline.torch.checkpoint.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @TempDir Path folder;

  static Path write(Path file, String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(file, bytes.array());
  }

  @Test
  void open_writtenFile_givesShapesValuesAndMetadata() {
    Path file = folder.resolve("w.safetensors");
    float[] values = {1, -2, 0.5f, 3, 1e-3f, 7};
    new SafetensorsWriter()
        .metadata("format", "pt")
        .tensor("f32", TensorType.F32, List.of(2L, 3L), () -> values)
        .tensor("f16", TensorType.F16, List.of(6L), () -> values)
        .tensor("bf16", TensorType.BF16, List.of(3L, 2L), () -> values)
        .integers("ids", List.of(2L), () -> new long[] {1L << 40, -3})
        .write(file);
    try (Safetensors read = Safetensors.open(file)) {
      assertThat(read.metadata()).containsEntry("format", "pt");
      assertThat(read.names()).containsExactly("f32", "f16", "bf16", "ids");
      assertThat(read.info("f32").shape()).containsExactly(2L, 3L);
      assertThat(read.read("f32")).isEqualTo(values);
      assertThat(read.read("f16")[4]).isEqualTo(Half.toFloat(Half.fromFloat(1e-3f)));
      assertThat(read.read("bf16")[4]).isEqualTo(Half.ofBfloat16(Half.toBfloat16(1e-3f)));
      assertThat(read.integers("ids")).containsExactly(1L << 40, -3);
      assertThat(read.raw("f32", 4, 4).getFloat(0)).isEqualTo(-2f);
    }
    assertThat(folder.toFile().list()).containsExactly("w.safetensors");
  }

  @Test
  void read_rangeIntoBuffer_givesTheRange() {
    Path file = folder.resolve("w.safetensors");
    float[] values = new float[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    new SafetensorsWriter()
        .tensor("w", TensorType.F32, List.of(100_000L), () -> values)
        .write(file);
    FloatBuffer into = FloatBuffer.allocate(90_000);
    Safetensors.open(file).read("w", 7, into);
    assertThat(into.get(0)).isEqualTo(7);
    assertThat(into.get(89_999)).isEqualTo(90_006);
  }

  @Test
  void write_wrongCount_leavesTheTargetAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("w.safetensors"), "before");
    SafetensorsWriter writer =
        new SafetensorsWriter().tensor("w", TensorType.F32, List.of(3L), () -> new float[2]);
    assertThatThrownBy(() -> writer.write(file))
        .hasMessageContaining("wanted 3 values for w, found 2");
    assertThat(file).hasContent("before");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void write_valueBeyondHalf_refusesByNameAndElement() {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .tensor("w", TensorType.F16, List.of(2L), () -> new float[] {1, 7e4f});
    assertThatThrownBy(() -> writer.write(folder.resolve("w")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("w for F16")
        .hasMessageContaining("element 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{} x",
        "{\"w\":1}",
        "{\"w\":{}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[12,20]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}",
        "{\"w\":{\"dtype\":\"F8\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"w\":{\"dtype\":\"Q4_0\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,2],\"data_offsets\":[0,0]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
        "{\"__metadata__\":{\"a\":1}}",
        "{\"__metadata__\":\"a\"}"
      })
  void open_hostileHeader_refused(String header) throws IOException {
    Path file = write(folder.resolve("bad"), header, 16);
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("wanted")
        .hasMessageContaining("found");
  }

  @Test
  void open_deepJson_refused() throws IOException {
    Path file = write(folder.resolve("deep"), "{\"w\":{\"x\":" + "[".repeat(100_000), 0);
    assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(BadFileException.class);
  }

  @Test
  void open_headerLengthBeyondFile_refusedBeforeAllocation() throws IOException {
    for (long length : new long[] {-1, Long.MAX_VALUE, 1L << 40, 100, 0}) {
      byte[] bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      Path file = Files.write(folder.resolve("long"), bytes);
      assertThatThrownBy(() -> Safetensors.open(file))
          .isInstanceOf(BadFileException.class)
          .hasMessageContaining("offset 0");
    }
  }

  @Test
  void open_gapAndEmptyTensor_tolerated() throws IOException {
    String header =
        "{\"e\":{\"dtype\":\"F32\",\"shape\":[0,5],\"data_offsets\":[0,0]},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
    try (Safetensors read = Safetensors.open(write(folder.resolve("gap"), header, 12))) {
      assertThat(read.read("e")).isEmpty();
      assertThat(read.read("w")).containsExactly(0f);
    }
  }

  @Test
  void require_nan_namesTensorAndElement() {
    Path file = folder.resolve("nan.safetensors");
    float[] values = {1, 2, Float.NaN, Float.NaN};
    new SafetensorsWriter().tensor("w", TensorType.F32, List.of(4L), () -> values).write(file);
    TensorInfo info = Safetensors.open(file).info("w");
    assertThatThrownBy(() -> FiniteCheck.require(info, 10, values, 1, 3))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("tensor w element 11")
        .hasMessageContaining("NaN");
    FiniteCheck.require(info, 0, values, 0, 2);
  }
}
