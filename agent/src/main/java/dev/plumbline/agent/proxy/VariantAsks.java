package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.ModePolicy;
import dev.plumbline.agent.origins.OriginServer;
import dev.plumbline.agent.scoring.ExchangeId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.UnaryOperator;

/** Asks for answers without the direction. One per event loop, over its connections. */
final class VariantAsks {
  /**
   * A question on its way. Every one is {@link #close}d.
   *
   * @param answer fails where there is none
   */
  static final class Asked {
    private final OriginServer server;
    private HttpClientRequest request;
    private boolean closed;

    private Asked(OriginServer server) {
      this.server = server;
      server.began();
    }

    private HttpClientRequest by(HttpClientRequest opened) {
      request = opened;
      request.exceptionHandler(e -> {});
      if (closed) {
        request.reset();
      }
      return opened;
    }

    /** Nothing more of it is wanted; what still comes is stopped. Harmless when repeated. */
    void close() {
      if (!closed) {
        closed = true;
        server.ended();
        if (request != null) {
          request.reset();
        }
      }
    }

    boolean closed() {
      return closed;
    }
  }

  /** A question and the answer that will come. */
  record Pending(Asked asked, Future<HttpClientResponse> answer) {}

  private final Destinations destinations;

  VariantAsks(Destinations destinations) {
    this.destinations = destinations;
  }

  /**
   * Asks.
   *
   * @param from whose headers and path the question has
   * @param origin the configured name of the one that answered first
   * @param body of the question; changed
   * @param uri where it goes, from where the first one went
   */
  Pending ask(
      HttpServerRequest from,
      String origin,
      AblatedVariant variant,
      ObjectNode body,
      UnaryOperator<String> uri) {
    OriginServer server = destinations.table().get(name(origin, variant));
    Asked asked = new Asked(server);
    write(variant, body);
    Buffer bytes = Buffer.buffer(body.toString());
    Future<HttpClientResponse> answer =
        destinations
            .client(server)
            .again(from, ExchangeId.of(null), uri)
            .map(asked::by)
            .compose(
                request -> {
                  if (variant instanceof AblatedVariant.Header) {
                    request.putHeader(ModePolicy.HEADER, Mode.ABLATE.wireName());
                  }
                  request.putHeader("content-length", Integer.toString(bytes.length()));
                  return request.send(bytes);
                })
            .onSuccess(head -> server.answered(head.statusCode()));
    return new Pending(asked, answer);
  }

  private static String name(String origin, AblatedVariant variant) {
    return variant instanceof AblatedVariant.Elsewhere other ? other.origin() : origin;
  }

  private static void write(AblatedVariant variant, ObjectNode body) {
    if (variant instanceof AblatedVariant.Model other) {
      body.put("model", other.name());
    } else if (variant instanceof AblatedVariant.Elsewhere other) {
      body.put("model", other.model());
    } else if (variant instanceof AblatedVariant.Lora lora) {
      body.putArray("lora").addObject().put("id", lora.id()).put("scale", lora.scale());
    }
  }
}
