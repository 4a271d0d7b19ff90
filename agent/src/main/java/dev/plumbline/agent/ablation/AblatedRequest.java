package dev.plumbline.agent.ablation;

import dev.plumbline.agent.wire.BodyPatch;
import dev.plumbline.agent.wire.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request as it asks for an answer without the direction: one member of its body, or one header,
 * is another; the rest is as it came, to the byte.
 *
 * @param body to send
 * @param headers to set, in lower case
 */
public record AblatedRequest(byte[] body, Map<String, String> headers) {
  /** The header an agent takes, and its word for this. */
  private static final Map<String, String> MODE = Map.of("plumbline-mode", "ablate");

  private static final Set<Route> NAMED =
      EnumSet.of(Route.CHAT_COMPLETIONS, Route.COMPLETIONS, Route.RESPONSES, Route.MESSAGES);

  /** llama.cpp builds its own request from the others' and leaves {@code lora} out. */
  private static final Set<Route> LORA =
      EnumSet.of(Route.CHAT_COMPLETIONS, Route.COMPLETIONS, Route.COMPLETION);

  private static final Set<Route> AGENT = EnumSet.of(Route.CHAT_COMPLETIONS, Route.COMPLETIONS);

  public AblatedRequest {
    headers = Map.copyOf(headers);
  }

  /**
   * The request by a variant of the same origin.
   *
   * @return empty where the route has no way to ask for it, or the body cannot be read
   */
  public static Optional<AblatedRequest> of(AblatedVariant variant, Route route, byte[] body) {
    if (variant instanceof AblatedVariant.Model other) {
      return patched(takes(variant, route), body, "model", quoted(other.name()));
    }
    if (variant instanceof AblatedVariant.Lora lora) {
      JsonObject one = new JsonObject().put("id", lora.id()).put("scale", lora.scale());
      return patched(takes(variant, route), body, "lora", new JsonArray().add(one).encode());
    }
    return variant instanceof AblatedVariant.Header && takes(variant, route)
        ? Optional.of(new AblatedRequest(body, MODE))
        : Optional.empty();
  }

  /** Whether a variant can be asked for on a route: elsewhere its name or header is overlooked. */
  public static boolean takes(AblatedVariant variant, Route route) {
    if (variant instanceof AblatedVariant.Lora) {
      return LORA.contains(route);
    }
    return variant instanceof AblatedVariant.Header ? AGENT.contains(route) : NAMED.contains(route);
  }

  private static Optional<AblatedRequest> patched(
      boolean takes, byte[] body, String member, String value) {
    return takes
        ? BodyPatch.set(body, member, value).map(b -> new AblatedRequest(b, Map.of()))
        : Optional.empty();
  }

  private static String quoted(String text) {
    return io.vertx.core.json.Json.encode(text);
  }

  /** Never the body. */
  @Override
  public String toString() {
    return "AblatedRequest[" + body.length + " bytes, " + headers.keySet() + "]";
  }
}
