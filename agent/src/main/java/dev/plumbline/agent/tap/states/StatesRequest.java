package dev.plumbline.agent.tap.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A request body as JSON, to which members can be added. Numbers keep every digit; a key given
 * twice counts as its last, as it does for the origins. Written in ASCII, so that half a surrogate
 * pair passes as it came.
 */
public final class StatesRequest {
  private static final int MOST_CHOICES = 1 << 12;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final ObjectNode root;

  private StatesRequest(ObjectNode root) {
    this.root = root;
  }

  /** Of a body; nothing if it is no JSON object. */
  public static Optional<StatesRequest> of(byte[] body) {
    try {
      JsonNode node = MAPPER.readTree(body);
      return node instanceof ObjectNode object
          ? Optional.of(new StatesRequest(object))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The body's members, to be read and added to. */
  public ObjectNode root() {
    return root;
  }

  /** Whether the client set a member to anything but null, false or the like. */
  public boolean asked(String name) {
    JsonNode value = root.get(name);
    return value != null && !value.isNull() && !(value.isBoolean() && !value.booleanValue());
  }

  /**
   * An object of that name to add to, made if there is none.
   *
   * @return nothing if the client put something else there, which the origin will refuse
   */
  public Optional<ObjectNode> object(String name) {
    JsonNode value = root.get(name);
    if (value == null || value.isNull()) {
      return Optional.of(root.putObject(name));
    }
    return value instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
  }

  /** How many choices the answer will have: {@code n} for each prompt. */
  public int choices() {
    JsonNode prompt = root.path("prompt");
    boolean texts = prompt.isArray() && prompt.size() > 0 && !prompt.get(0).isNumber();
    long n = Math.max(1, root.path("n").asInt(1));
    return (int) Math.min(MOST_CHOICES, n * (texts ? prompt.size() : 1));
  }

  public boolean stream() {
    return root.path("stream").asBoolean(false);
  }

  public byte[] toBytes() {
    try {
      return MAPPER.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
