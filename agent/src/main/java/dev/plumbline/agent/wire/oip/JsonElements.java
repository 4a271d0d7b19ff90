package dev.plumbline.agent.wire.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The elements of one tensor's {@code data} as they are parsed, flat or nested. Its datatype may
 * stand behind it in the object, so they are kept as what they look like: eight bytes a number.
 * {@code null}, {@code NaN} and {@code Infinity} are no JSON or no number, and are taken where
 * numbers with a fraction are.
 */
final class JsonElements {
  private enum Kind {
    NONE,
    WHOLE,
    FRACTION,
    FLAG,
    TEXT
  }

  private Kind kind = Kind.NONE;
  private boolean unsigned;
  private long[] bits = new long[16];
  private int size;
  private final List<byte[]> texts = new ArrayList<>();

  private JsonElements() {}

  /** Of the array the parser stands at; it stands at its end afterwards. */
  static JsonElements parse(JsonParser json) throws IOException {
    JsonElements elements = new JsonElements();
    int depth = 0;
    JsonToken token = json.currentToken();
    do {
      switch (token) {
        case START_ARRAY -> depth++;
        case END_ARRAY -> depth--;
        default -> elements.take(json, token);
      }
      token = depth > 0 ? json.nextToken() : null;
    } while (token != null);
    return elements;
  }

  private void take(JsonParser json, JsonToken token) throws IOException {
    switch (token) {
      case VALUE_NUMBER_INT -> whole(json);
      case VALUE_NUMBER_FLOAT -> fraction(json.getDoubleValue());
      case VALUE_NULL -> fraction(Double.NaN);
      case VALUE_TRUE, VALUE_FALSE -> add(Kind.FLAG, token == JsonToken.VALUE_TRUE ? 1 : 0);
      case VALUE_STRING -> {
        require(Kind.TEXT);
        texts.add(json.getText().getBytes(StandardCharsets.UTF_8));
      }
      default -> throw mixed();
    }
  }

  private void whole(JsonParser json) throws IOException {
    if (kind == Kind.FRACTION) {
      fraction(json.getDoubleValue());
    } else if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      BigInteger big = json.getBigIntegerValue();
      if (big.signum() < 0 || big.bitLength() > Long.SIZE) {
        fraction(big.doubleValue());
      } else {
        unsigned = true;
        add(Kind.WHOLE, big.longValue());
      }
    } else {
      add(Kind.WHOLE, json.getLongValue());
    }
  }

  private void fraction(double value) {
    if (kind == Kind.WHOLE) {
      for (int i = 0; i < size; i++) {
        bits[i] = Double.doubleToRawLongBits(wholeAsDouble(bits[i]));
      }
      kind = Kind.FRACTION;
    }
    add(Kind.FRACTION, Double.doubleToRawLongBits(value));
  }

  private double wholeAsDouble(long value) {
    return unsigned && value < 0 ? value + 0x1p64 : value;
  }

  private void add(Kind of, long value) {
    require(of);
    if (size == bits.length) {
      bits = Arrays.copyOf(bits, 2 * size);
    }
    bits[size++] = value;
  }

  private void require(Kind of) {
    if (kind != Kind.NONE && kind != of) {
      throw mixed();
    }
    kind = of;
  }

  /** The elements in binary. */
  ByteBuffer as(Datatype type) {
    if (type == Datatype.BYTES) {
      return Texts.pack(texts(type));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(size, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      if (type.floating()) {
        Floats.write(type, bytes, i, number(bits[i], type));
      } else {
        Wholes.put(type, bytes, exact(bits[i], type));
      }
    }
    return bytes.position(0).limit(bytes.capacity());
  }

  private List<byte[]> texts(Datatype type) {
    if (kind != Kind.TEXT && kind != Kind.NONE) {
      throw wrong(type);
    }
    return texts;
  }

  private double number(long value, Datatype type) {
    return switch (kind) {
      case FRACTION -> Double.longBitsToDouble(value);
      case WHOLE -> wholeAsDouble(value);
      default -> throw wrong(type);
    };
  }

  private long exact(long value, Datatype type) {
    boolean fits = kind == (type == Datatype.BOOL ? Kind.FLAG : Kind.WHOLE);
    if (!fits || (unsigned && value < 0 && type != Datatype.UINT64)) {
      throw wrong(type);
    }
    if (type == Datatype.UINT64 && value < 0 && !unsigned) {
      throw wrong(type);
    }
    return value;
  }

  private OipException wrong(Datatype type) {
    return OipException.invalid("tensor data", "elements of " + type, kind, "correct the datatype");
  }

  private static OipException mixed() {
    return OipException.invalid(
        "tensor data", "elements of one kind", "several, or an object", "correct it");
  }
}
