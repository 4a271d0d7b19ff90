package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.Optional;

/**
 * An error as an OpenAI client expects it: {@code {"error":{"message","type","param","code"}}}.
 *
 * @param kind status, type and code
 * @param message wanted, found and what to do, for a person
 * @param param the request field at fault, such as {@code messages[0].content}
 */
public record WireError(ErrorKind kind, String message, Optional<String> param) {
  public WireError {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(param, "param");
  }

  /** An error that no single field caused. */
  public static WireError of(ErrorKind kind, String message) {
    return new WireError(kind, message, Optional.empty());
  }

  /** An error of the named request field. */
  public static WireError of(ErrorKind kind, String param, String message) {
    return new WireError(kind, message, Optional.of(param));
  }

  /** The body in UTF-8. */
  public byte[] toBytes() {
    return Json.bytes(toNode());
  }

  /** The body as a tree; {@code param} is written as null when there is none, as OpenAI does. */
  public ObjectNode toNode() {
    ObjectNode root = Json.object();
    ObjectNode error = root.putObject("error");
    error.put("message", message);
    error.put("type", kind.type());
    error.put("param", param.orElse(null));
    error.put("code", kind.code());
    return root;
  }
}
