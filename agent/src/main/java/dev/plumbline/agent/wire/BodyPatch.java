package dev.plumbline.agent.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sets one member of a JSON object in its bytes: every other byte stays as it was, white space,
 * order, and the writing of numbers included. A member that is there several times is set each
 * time, since servers differ in which they take. Reads the whole body once; UTF-8 only.
 */
public final class BodyPatch {
  private static final JsonFactory TOKENS = Json.LENIENT.getFactory();

  /** Bytes from {@code from} to before {@code to}. */
  private record Range(int from, int to) {}

  private BodyPatch() {}

  /**
   * The body with the member.
   *
   * @param value JSON
   * @return empty where the body is no well-formed JSON object in UTF-8
   */
  public static Optional<byte[]> set(byte[] body, String member, String value) {
    byte[] put = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try (JsonParser parser = TOKENS.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      int inside = at(parser.currentLocation().getByteOffset());
      List<Range> found = new ArrayList<>();
      boolean bare = ranges(parser, member, found);
      if (parser.nextToken() != null) {
        return Optional.empty();
      }
      return Optional.of(
          found.isEmpty() ? insert(body, inside, member, put, bare) : replace(body, found, put));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where the member's values lie; whether the object has no member at all. */
  private static boolean ranges(JsonParser parser, String member, List<Range> into)
      throws IOException {
    boolean bare = true;
    for (JsonToken token = parser.nextToken();
        token == JsonToken.FIELD_NAME;
        token = parser.nextToken()) {
      bare = false;
      boolean wanted = parser.currentName().equals(member);
      parser.nextToken();
      int from = at(parser.currentTokenLocation().getByteOffset());
      parser.skipChildren();
      parser.finishToken();
      if (wanted) {
        into.add(new Range(from, at(parser.currentLocation().getByteOffset())));
      }
    }
    return bare;
  }

  /** Other encodings count characters. */
  private static int at(long offset) throws IOException {
    if (offset < 0) {
      throw new IOException("wanted UTF-8");
    }
    return (int) offset;
  }

  private static byte[] replace(byte[] body, List<Range> ranges, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + value.length);
    int done = 0;
    for (Range range : ranges) {
      out.write(body, done, range.from() - done);
      out.writeBytes(value);
      done = range.to();
    }
    out.write(body, done, body.length - done);
    return out.toByteArray();
  }

  private static byte[] insert(byte[] body, int inside, String member, byte[] value, boolean bare) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + value.length + 16);
    out.write(body, 0, inside);
    out.writeBytes(Json.bytes(com.fasterxml.jackson.databind.node.TextNode.valueOf(member)));
    out.write(':');
    out.writeBytes(value);
    if (!bare) {
      out.write(',');
    }
    out.write(body, inside, body.length - inside);
    return out.toByteArray();
  }
}
