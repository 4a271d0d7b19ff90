package dev.plumbline.agent.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** A first look at a request that somebody else will answer: for whom it is, and no more. */
public final class CallPeek {
  private static final JsonFactory TOKENS = Json.LENIENT.getFactory();

  private CallPeek() {}

  /**
   * Whether the model is named more than once: servers take the last name, {@link #model} the
   * first. Reads the whole body, unlike that.
   */
  public static boolean ambiguous(byte[] body) {
    int names = 0;
    try (JsonParser parser = TOKENS.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        names += parser.currentName().equals("model") ? 1 : 0;
        parser.nextToken();
        parser.skipChildren();
      }
    } catch (IOException e) {
      return true;
    }
    return names > 1;
  }

  /** Only the model's name, by streaming over the top level: cheap enough for an event loop. */
  public static Optional<String> model(byte[] body) {
    try (JsonParser parser = TOKENS.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("model")) {
          return value == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
