package dev.plumbline.agent.tracing;

import dev.plumbline.agent.wire.Route;
import io.vertx.core.http.HttpServerRequest;

/** Follows exchanges for a tracing system. Thread-safe; never blocks and never fails. */
public interface Tracing extends AutoCloseable {
  /** Follows nothing, at no cost. */
  Tracing OFF =
      new Tracing() {
        @Override
        public ExchangeTrace begin(String id, Route route, HttpServerRequest request) {
          return ExchangeTrace.NONE;
        }

        @Override
        public void close() {
          // Nothing was begun.
        }
      };

  /**
   * An exchange begins.
   *
   * @param id its name
   * @param request of which method, path, authority and trace context are read, not kept
   */
  ExchangeTrace begin(String id, Route route, HttpServerRequest request);

  /** Hands over what is left, up to a deadline. */
  @Override
  void close();
}
