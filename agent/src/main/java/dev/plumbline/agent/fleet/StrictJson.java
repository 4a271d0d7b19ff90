package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON from outside: bounded in bytes, depth, numbers and names; a key counts once. */
final class StrictJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxNumberLength(32)
                          .maxNameLength(256)
                          .maxStringLength(16 << 10)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * The object in these bytes.
   *
   * @throws WireRefusal {@link Refusal#GARBAGE} when it is none
   */
  static JsonNode object(byte[] bytes, int most) {
    if (bytes.length > most) {
      throw new WireRefusal(Refusal.GARBAGE);
    }
    try {
      JsonNode node = MAPPER.readTree(bytes);
      if (node == null || !node.isObject()) {
        throw new WireRefusal(Refusal.GARBAGE);
      }
      return node;
    } catch (IOException e) {
      throw new WireRefusal(Refusal.GARBAGE);
    }
  }
}
