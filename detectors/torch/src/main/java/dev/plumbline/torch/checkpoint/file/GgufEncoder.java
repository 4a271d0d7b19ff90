package dev.plumbline.torch.checkpoint.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Metadata values as GGUF has them: a 4-byte type code, then the value; arrays say the type of
 * their elements and how many there are. Little endian.
 */
final class GgufEncoder {
  static final int U32 = 4;
  static final int I32 = 5;
  private static final int F32 = 6;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int U64 = 10;
  private static final int I64 = 11;
  private static final int F64 = 12;

  private GgufEncoder() {}

  static byte[] text(String value) {
    byte[] utf8 = utf8(value);
    return of(STRING, 8 + utf8.length).putLong(utf8.length).put(utf8).array();
  }

  static byte[] flag(boolean value) {
    return of(BOOL, 1).put((byte) (value ? 1 : 0)).array();
  }

  /** {@code kind} is {@link #U32} or {@link #I32}. */
  static byte[] whole(int kind, int value) {
    return of(kind, 4).putInt(value).array();
  }

  static byte[] whole(boolean signed, long value) {
    return of(signed ? I64 : U64, 8).putLong(value).array();
  }

  static byte[] real(float value) {
    return of(F32, 4).putFloat(value).array();
  }

  static byte[] real(double value) {
    return of(F64, 8).putDouble(value).array();
  }

  static byte[] texts(List<String> values) {
    List<byte[]> all = values.stream().map(GgufEncoder::utf8).toList();
    int bytes = all.stream().mapToInt(each -> 8 + each.length).reduce(0, Math::addExact);
    ByteBuffer array = array(STRING, all.size(), bytes);
    all.forEach(each -> array.putLong(each.length).put(each));
    return array.array();
  }

  static byte[] wholes(int kind, int... values) {
    ByteBuffer array = array(kind, values.length, 4 * values.length);
    for (int value : values) {
      array.putInt(value);
    }
    return array.array();
  }

  static byte[] reals(float... values) {
    ByteBuffer array = array(F32, values.length, 4 * values.length);
    for (float value : values) {
      array.putFloat(value);
    }
    return array.array();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer of(int kind, int bytes) {
    return ByteBuffer.allocate(4 + bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(kind);
  }

  private static ByteBuffer array(int kind, int count, int bytes) {
    return of(ARRAY, Math.addExact(12, bytes)).putInt(kind).putLong(count);
  }
}
