package dev.plumbline.agent.proxy;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Interim answers (RFC 9110, section 15.2): the origin's 100 and 103 go to the client, and whether
 * a client that asks first may send its body is for the origin to say. Lives on one event loop.
 *
 * <p>Not for HEAD: the encoder takes the first head it writes for the one that has no body, and a
 * final head after it would be written as the start of a body that never comes.
 */
final class Interim {
  private final HttpServerRequest in;
  private boolean continued;

  Interim(HttpServerRequest in) {
    this.in = in;
  }

  /** Listens for interim answers to this request, and sends its head ahead where one is awaited. */
  void pass(HttpClientRequest to) {
    HttpServerResponse out = in.response();
    to.earlyHintsHandler(
        hints -> {
          if (in.method() != HttpMethod.HEAD && !out.closed() && !out.headWritten()) {
            out.writeEarlyHints(hints);
          }
        });
    if (asked()) {
      to.continueHandler(v -> goOn());
      to.sendHead();
    }
  }

  /** Lets a client that asks first send its body. */
  void goOn() {
    HttpServerResponse out = in.response();
    if (asked() && !continued && !out.closed() && !out.headWritten()) {
      continued = true;
      out.writeContinue();
    }
  }

  /** Whether the client waits for a word that did not come: its body may come or never come. */
  boolean unanswered() {
    return asked() && !continued;
  }

  private boolean asked() {
    return "100-continue".equalsIgnoreCase(in.getHeader("expect"));
  }
}
