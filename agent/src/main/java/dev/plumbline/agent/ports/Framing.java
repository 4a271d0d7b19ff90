package dev.plumbline.agent.ports;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/**
 * What the parser lets pass and two servers may read differently: a transfer coding other than
 * {@code chunked} alone, or in HTTP/1.0, or beside a length (RFC 9112 6.1), several hosts (3.2), a
 * header without a name.
 */
final class Framing {
  private Framing() {}

  static boolean sound(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      return true;
    }
    List<String> codings = request.headers().getAll("transfer-encoding");
    boolean coded =
        codings.isEmpty()
            || codings.size() == 1
                && codings.get(0).strip().equalsIgnoreCase("chunked")
                && request.version() == HttpVersion.HTTP_1_1
                && !request.headers().contains("content-length");
    return coded && request.headers().getAll("host").size() <= 1 && !request.headers().contains("");
  }

  /** The end of the connection, since nobody knows where the next request begins. */
  static void refuse(HttpServerRequest request) {
    request
        .response()
        .setStatusCode(400)
        .putHeader("connection", "close")
        .end()
        .onComplete(sent -> request.connection().close());
  }
}
