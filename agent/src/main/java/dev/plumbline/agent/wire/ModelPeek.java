package dev.plumbline.agent.wire;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.json.async.NonBlockingJsonParser;
import java.io.IOException;
import java.util.Optional;

/**
 * Looks for the model's name in a body while it comes, piece by piece, so that nobody waits for
 * more of it than is needed and no piece is looked at twice. The same answer as {@link
 * CallPeek#model} on the whole. One thread at a time.
 */
public final class ModelPeek {
  /** How far it is. */
  public enum State {
    /** More of the body is needed. */
    WAITING,
    /** The name is known. */
    FOUND,
    /** A whole object that names no model. */
    UNNAMED,
    /** Not a JSON object, or the name is no text. */
    UNREADABLE
  }

  private final NonBlockingJsonParser parser;
  private State state = State.WAITING;
  private String model = "";
  private boolean begun;

  /** Whether the value that comes next is the name. */
  private boolean next;

  private int depth;

  public ModelPeek() {
    try {
      parser = (NonBlockingJsonParser) Json.LENIENT.getFactory().createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Takes the next piece; nothing happens once there is an answer. The bytes are not kept. */
  public State feed(byte[] piece) {
    if (state == State.WAITING && piece.length > 0) {
      try {
        ByteArrayFeeder feeder = parser.getNonBlockingInputFeeder();
        feeder.feedInput(piece, 0, piece.length);
        look();
      } catch (IOException e) {
        state = State.UNREADABLE;
      }
      if (state != State.WAITING) {
        release();
      }
    }
    return state;
  }

  /** Gives the parser's buffers back for the next one. */
  private void release() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The body has ended. */
  public State end() {
    if (state == State.WAITING) {
      state = State.UNREADABLE;
    }
    return state;
  }

  public State state() {
    return state;
  }

  /** The name, once it is found. */
  public Optional<String> model() {
    return state == State.FOUND ? Optional.of(model) : Optional.empty();
  }

  private void look() throws IOException {
    while (state == State.WAITING) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.NOT_AVAILABLE) {
        return;
      }
      if (token == null || (!begun && token != JsonToken.START_OBJECT)) {
        state = State.UNREADABLE;
        return;
      }
      begun = true;
      take(token);
    }
  }

  private void take(JsonToken token) throws IOException {
    if (next) {
      state = token == JsonToken.VALUE_STRING ? State.FOUND : State.UNREADABLE;
      model = state == State.FOUND ? parser.getText() : "";
      return;
    }
    if (token.isStructStart()) {
      depth++;
    } else if (token.isStructEnd()) {
      depth--;
    }
    if (depth == 0) {
      state = State.UNNAMED;
    }
    next = depth == 1 && token == JsonToken.FIELD_NAME && parser.currentName().equals("model");
  }
}
