package dev.plumbline.torch.checkpoint.file;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads GGUF metadata values of every kind, bounded in depth and in the number of array elements of
 * the whole file.
 */
final class GgufValues {
  private static final int U8 = 0;
  private static final int I8 = 1;
  private static final int U16 = 2;
  private static final int I16 = 3;
  private static final int U32 = 4;
  private static final int I32 = 5;
  private static final int F32 = 6;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int U64 = 10;
  private static final int I64 = 11;
  private static final int F64 = 12;
  private static final int[] SMALLEST = {1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8};
  private static final int DEEPEST = 4;

  private final GgufCursor cursor;
  private long elementBudget = 8 << 20;

  GgufValues(GgufCursor cursor) {
    this.cursor = cursor;
  }

  /** The value that follows, of the types {@link GgufMetadata} lists. */
  Object value(String key) {
    return value(key, kind(key), 0);
  }

  private int kind(String key) {
    long at = cursor.position();
    int kind = cursor.u32("the type of " + key);
    if (kind < 0 || kind >= SMALLEST.length) {
      throw cursor.bad(at, "a value type from 0 to 12 for " + key, Integer.toUnsignedString(kind));
    }
    return kind;
  }

  private Object value(String key, int kind, int depth) {
    return switch (kind) {
      case F32, F64 -> real(key, kind);
      case BOOL -> bool(key);
      case STRING -> cursor.text(key);
      case ARRAY -> array(key, depth);
      default -> whole(key, kind);
    };
  }

  private long whole(String key, int kind) {
    return switch (kind) {
      case U8 -> cursor.u8(key) & 0xff;
      case I8 -> cursor.u8(key);
      case U16 -> cursor.u16(key) & 0xffff;
      case I16 -> cursor.u16(key);
      case U32 -> cursor.u32(key) & 0xffffffffL;
      case I32 -> cursor.u32(key);
      case U64, I64 -> cursor.u64(key);
      default -> throw new AssertionError("not a whole number: " + kind);
    };
  }

  private double real(String key, int kind) {
    return kind == F32
        ? Float.intBitsToFloat(cursor.u32(key))
        : Double.longBitsToDouble(cursor.u64(key));
  }

  private boolean bool(String key) {
    long at = cursor.position();
    byte value = cursor.u8(key);
    if (value != 0 && value != 1) {
      throw cursor.bad(at, "0 or 1 for " + key, Byte.toString(value));
    }
    return value == 1;
  }

  private Object array(String key, int depth) {
    int kind = kind(key);
    long at = cursor.position();
    long count = cursor.u64("the length of " + key);
    long most = Math.min(elementBudget, cursor.remaining() / SMALLEST[kind]);
    if (depth == DEEPEST || count < 0 || count > most) {
      throw cursor.bad(
          at,
          key + " of at most " + most + " elements, " + DEEPEST + " deep",
          Long.toUnsignedString(count));
    }
    elementBudget -= count;
    return switch (kind) {
      case STRING, ARRAY, BOOL -> list(key, kind, (int) count, depth);
      case F32, F64 -> reals(key, kind, (int) count);
      default -> wholes(key, kind, (int) count);
    };
  }

  private List<Object> list(String key, int kind, int count, int depth) {
    List<Object> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(value(key, kind, depth + 1));
    }
    return list;
  }

  private double[] reals(String key, int kind, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = real(key, kind);
    }
    return values;
  }

  private long[] wholes(String key, int kind, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = whole(key, kind);
    }
    return values;
  }
}
