package dev.plumbline.agent.wire.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatsTest {
  private final ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

  @Test
  void half_everyFinitePattern_survivesReadAndWrite() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits & 0x7c00) != 0x7c00) {
        requireSame(Datatype.FP16, (short) bits);
      }
    }
  }

  @Test
  void brain_everyFinitePattern_survivesReadAndWrite() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits & 0x7f80) != 0x7f80) {
        requireSame(Datatype.BF16, (short) bits);
      }
    }
  }

  @Test
  void write_betweenTwo_takesTheNearerAndTheEvenOfEqual() {
    for (Datatype type : new Datatype[] {Datatype.FP16, Datatype.BF16}) {
      Random random = new Random(7);
      for (int i = 0; i < 10_000; i++) {
        short low = (short) random.nextInt(0x7b00);
        double below = read(type, low);
        double above = read(type, (short) (low + 1));
        assertThat(written(type, (3 * below + above) / 4)).isEqualTo(low);
        assertThat(written(type, (below + 3 * above) / 4)).isEqualTo((short) (low + 1));
        int even = low % 2 == 0 ? low : low + 1;
        assertThat(written(type, (below + above) / 2)).isEqualTo((short) even);
      }
    }
  }

  @Test
  void write_beyondTheRange_isInfinite() {
    assertThat(written(Datatype.FP16, 65519.99)).isEqualTo((short) 0x7bff);
    assertThat(written(Datatype.FP16, -65520)).isEqualTo((short) 0xfc00);
    assertThat(written(Datatype.BF16, 1e39)).isEqualTo((short) 0x7f80);
    assertThat(read(Datatype.FP16, written(Datatype.FP16, Double.NaN))).isNaN();
    assertThat(read(Datatype.BF16, written(Datatype.BF16, Double.NaN))).isNaN();
  }

  private void requireSame(Datatype type, short bits) {
    assertThat(written(type, read(type, bits))).isEqualTo(bits);
  }

  private double read(Datatype type, short bits) {
    bytes.putShort(0, bits);
    return Floats.read(type, bytes, 0);
  }

  private short written(Datatype type, double value) {
    Floats.write(type, bytes, 0, value);
    return bytes.getShort(0);
  }
}
