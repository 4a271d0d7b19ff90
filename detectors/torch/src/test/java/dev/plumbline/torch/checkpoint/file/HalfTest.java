package dev.plumbline.torch.checkpoint.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfTest {
  /** Binary16 by its definition, in double. */
  private static double defined(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double magnitude =
        exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.pow(2, exponent - 25);
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @Test
  void toFloat_allFiniteBits_equalsDefinition() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits >> 10 & 31) != 31) {
        assertThat((double) Half.toFloat(bits)).isEqualTo(defined(bits));
      }
    }
  }

  @Test
  void toFloat_specialBits_infinityAndNaN() {
    assertThat(Half.toFloat(0x7c00)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Half.toFloat(0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Half.toFloat(0x7e01)).isNaN();
  }

  @Test
  void fromFloat_widenedBits_givesThemBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits >> 10 & 31) != 31) {
        assertThat(Half.fromFloat(Half.toFloat(bits)) & 0xffff).isEqualTo(bits);
      }
    }
  }

  @Test
  void fromFloat_halfway_roundsToEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float middle = (Half.toFloat(bits) + Half.toFloat(bits + 1)) / 2;
      assertThat(Half.fromFloat(middle) & 0xffff).isEqualTo(bits % 2 == 0 ? bits : bits + 1);
      assertThat(Half.fromFloat(Math.nextUp(middle)) & 0xffff).isEqualTo(bits + 1);
      assertThat(Half.fromFloat(Math.nextDown(middle)) & 0xffff).isEqualTo(bits);
    }
    assertThat(Half.toFloat(Half.fromFloat(1e6f))).isInfinite();
    assertThat(Half.toFloat(Half.fromFloat(Float.NaN))).isNaN();
  }

  @Test
  void toBfloat16_halfway_roundsToEven() {
    assertThat(Half.toBfloat16(Float.intBitsToFloat(0x3f808000)) & 0xffff).isEqualTo(0x3f80);
    assertThat(Half.toBfloat16(Float.intBitsToFloat(0x3f818000)) & 0xffff).isEqualTo(0x3f82);
    assertThat(Half.toBfloat16(Float.intBitsToFloat(0x3f808001)) & 0xffff).isEqualTo(0x3f81);
    assertThat(Half.ofBfloat16(Half.toBfloat16(Float.NaN))).isNaN();
  }
}
