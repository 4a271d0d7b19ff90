package dev.plumbline.agent.tap.vllm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/** Token ids that come in pieces. Not thread-safe. */
final class TokenIds {
  private static final JsonFactory JSON = new JsonFactory();

  private long[] ids = new long[16];
  private int size;

  int size() {
    return size;
  }

  void add(long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  /** Adds those of a JSON array; what is none, such as {@code null}, adds nothing. */
  void addJson(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return;
      }
      while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
        add(parser.getLongValue());
      }
    } catch (IOException e) {
      // Half an array: the ids until there. Their count then fits no file, which is said there.
    }
  }

  long[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  /** Whether {@code length} ids of another array, from {@code at} on, begin these. */
  boolean begins(long[] others, int at, int length) {
    return length <= size && Arrays.equals(ids, 0, length, others, at, at + length);
  }
}
