package dev.plumbline.agent.tap.states;

import java.util.Objects;

/**
 * A request on its way to the origin.
 *
 * @param path decoded, without a query
 * @param exchangeId decent in a header and a file name
 * @param body JSON; read, not kept
 */
public record OriginRequest(String path, String exchangeId, byte[] body) {
  public OriginRequest {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(exchangeId, "exchangeId");
    Objects.requireNonNull(body, "body");
  }

  /** Whether the path is that route, plain or below KServe's {@code /openai}. */
  public boolean to(String route) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return plain.equals(route) || plain.equals("/openai" + route);
  }

  /** Never the body. */
  @Override
  public String toString() {
    return "OriginRequest[" + path + ", " + exchangeId + "]";
  }
}
