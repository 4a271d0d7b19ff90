package dev.plumbline.agent.tap.states;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.torch.checkpoint.file.Half;
import org.junit.jupiter.api.Test;

class NumberFormTest {
  @Test
  void widen_everySixteenBits_equalsTheRuntimesConversion() {
    float[] half = new float[1];
    float[] brain = new float[1];
    for (int bits = 0; bits < 1 << 16; bits++) {
      byte[] row = {(byte) bits, (byte) (bits >> 8)};
      NumberForm.F16.widen(row, half);
      NumberForm.BF16.widen(row, brain);
      assertThat(Float.floatToIntBits(half[0])).isEqualTo(Float.floatToIntBits(Half.toFloat(bits)));
      assertThat(Float.floatToIntBits(brain[0]))
          .isEqualTo(Float.floatToIntBits(Half.ofBfloat16(bits)));
    }
  }

  @Test
  void widen_float32_isLittleEndian() {
    float[] value = new float[1];
    NumberForm.F32.widen(new byte[] {(byte) 0xdb, 0x0f, 0x49, (byte) 0xc0}, value);
    assertThat(value[0]).isEqualTo((float) -Math.PI);
  }

  @Test
  void of_namesOfBothWorlds_areKnown() {
    assertThat(NumberForm.of("BF16")).contains(NumberForm.BF16);
    assertThat(NumberForm.of("torch.float16")).contains(NumberForm.F16);
    assertThat(NumberForm.of("float32")).contains(NumberForm.F32);
    assertThat(NumberForm.of("float64")).isEmpty();
  }
}
