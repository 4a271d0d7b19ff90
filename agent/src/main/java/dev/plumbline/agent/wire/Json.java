package dev.plumbline.agent.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The one JSON mapper: strict about duplicate keys, bounded in depth; thread-safe. */
public final class Json {
  private static final int MAX_DEPTH = 64;

  /** A key given twice means two readers of the same bytes can disagree: refused. */
  static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** For bytes that others wrote and that the agent only looks at. */
  static final JsonMapper LENIENT = JsonMapper.builder().build();

  static {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(64 << 20)
            .build();
    STRICT.getFactory().setStreamReadConstraints(limits);
    LENIENT.getFactory().setStreamReadConstraints(limits);
  }

  private Json() {}

  /** An object or array that others wrote; nothing when the bytes are not well formed. */
  public static Optional<JsonNode> look(byte[] body) {
    try {
      return Optional.ofNullable(LENIENT.readTree(body)).filter(JsonNode::isContainerNode);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The same of text. */
  public static Optional<JsonNode> look(String text) {
    try {
      return Optional.ofNullable(LENIENT.readTree(text)).filter(JsonNode::isContainerNode);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Members of an object by name, those that are there. */
  static ObjectNode some(JsonNode of, Iterable<String> names) {
    ObjectNode kept = object();
    for (String name : names) {
      if (of.has(name)) {
        kept.set(name, of.get(name));
      }
    }
    return kept;
  }

  static byte[] bytes(JsonNode node) {
    try {
      return LENIENT.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
