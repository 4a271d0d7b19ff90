package dev.plumbline.torch.checkpoint.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Against vectors made by the {@code gguf} package 0.19.0 ({@code gguf.quants.dequantize}), and
 * against formulae.
 */
class DequantiserTest {
  @Test
  void decode_goldenVectors_equalReference() throws IOException {
    JsonNode all;
    try (InputStream in = getClass().getResourceAsStream("/checkpoint/dequantised.json")) {
      all = new ObjectMapper().readTree(in);
    }
    assertThat(all.size()).isEqualTo(10);
    for (Map.Entry<String, JsonNode> entry : all.properties()) {
      TensorType type = TensorType.valueOf(entry.getKey());
      byte[] raw = Base64.getDecoder().decode(entry.getValue().get("raw").asText());
      byte[] values = Base64.getDecoder().decode(entry.getValue().get("values").asText());
      float[] wanted = new float[values.length / 4];
      ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(wanted);
      float[] found = new float[wanted.length];
      Dequantiser.decode(type, raw, raw.length / type.blockBytes(), found, 0);
      for (int i = 0; i < wanted.length; i++) {
        assertThat(found[i]).as("%s element %d", type, i).isCloseTo(wanted[i], within(wanted[i]));
      }
    }
  }

  /** One rounding of difference: the reference may add in another order. */
  private static Offset<Float> within(float wanted) {
    return Offset.offset(Math.max(1e-6f, Math.abs(wanted) * 2e-6f));
  }

  @Test
  void decode_q41ByFormula_scaleTimesNibblePlusMinimum() {
    byte[] block = new byte[20];
    new Random(3).nextBytes(block);
    short d = Half.fromFloat(0.25f);
    short m = Half.fromFloat(-1.5f);
    ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).putShort(d).putShort(m);
    float[] out = new float[32];
    Dequantiser.decode(TensorType.Q4_1, block, 1, out, 0);
    for (int j = 0; j < 16; j++) {
      int both = block[4 + j] & 0xff;
      assertThat(out[j]).isEqualTo(0.25f * (both % 16) - 1.5f);
      assertThat(out[j + 16]).isEqualTo(0.25f * (both / 16) - 1.5f);
    }
  }

  @Test
  void decode_q4kByFormula_groupsUseTheirOwnScaleAndMinimum() {
    int[] scale = {1, 2, 3, 63, 17, 33, 49, 62};
    int[] min = {63, 5, 0, 9, 18, 36, 52, 61};
    byte[] block = new byte[144];
    ByteBuffer bytes = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort(Half.fromFloat(0.5f)).putShort(Half.fromFloat(2f));
    for (int g = 0; g < 4; g++) {
      block[4 + g] = (byte) (scale[g] | scale[g + 4] >> 4 << 6);
      block[8 + g] = (byte) (min[g] | min[g + 4] >> 4 << 6);
      block[12 + g] = (byte) (scale[g + 4] & 15 | (min[g + 4] & 15) << 4);
    }
    Arrays.fill(block, 16, 144, (byte) 0x3c);
    float[] out = new float[256];
    Dequantiser.decode(TensorType.Q4_K, block, 1, out, 0);
    for (int i = 0; i < 256; i++) {
      int g = i / 32;
      int q = g % 2 == 0 ? 12 : 3;
      assertThat(out[i]).isEqualTo(0.5f * scale[g] * q - 2f * min[g]);
    }
  }
}
