package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;

/** A signed command inside a JSON text: the very bytes that were signed, in base64. */
final class CommandJson {
  private CommandJson() {}

  static ObjectNode write(SignedCommand signed) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("command", Base64.getEncoder().encodeToString(signed.message()))
        .put("signature", signed.signatureText());
  }

  static SignedCommand read(JsonNode node) {
    try {
      return SignedCommand.received(
          Base64.getDecoder().decode(node.path("command").asText()),
          node.path("signature").asText());
    } catch (IllegalArgumentException notBase64) {
      throw new WireRefusal(Refusal.GARBAGE);
    }
  }
}
