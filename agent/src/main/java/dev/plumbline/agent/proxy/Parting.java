package dev.plumbline.agent.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** How the agent parts from a client: of HTTP/2 one stream is ended, of HTTP/1 the connection. */
final class Parting {
  /** RFC 9113, section 7. */
  private static final int NO_ERROR = 0;

  private static final int INTERNAL_ERROR = 2;

  /** How long what a client still sends after its answer is read and dropped. */
  private static final long LINGER_MILLIS = 5_000;

  private Parting() {}

  /** Ends an answer in its middle, so that it cannot be taken for a whole one. */
  static void cut(HttpServerRequest in) {
    end(in, INTERNAL_ERROR);
  }

  /**
   * Ends what is left after a whole answer: the rest of a request that nobody reads has a time to
   * come; one that may never come (an {@code Expect} without a 100) is not waited for; and HTTP/1.0
   * knows the end of an answer without a length by the end of the connection.
   */
  static void afterAnswer(Vertx vertx, HttpServerRequest in, boolean unanswered) {
    if (in.version() == HttpVersion.HTTP_1_0
        && !in.response().headers().contains("content-length")) {
      end(in, NO_ERROR);
    } else if (!in.isEnded() && (unanswered || in.version() == HttpVersion.HTTP_2)) {
      end(in, NO_ERROR);
    } else if (!in.isEnded()) {
      long timer = vertx.setTimer(LINGER_MILLIS, late -> end(in, NO_ERROR));
      in.endHandler(end -> vertx.cancelTimer(timer));
      in.handler(rest -> {});
      in.resume();
    }
  }

  private static void end(HttpServerRequest in, int code) {
    if (in.version() == HttpVersion.HTTP_2) {
      in.response().reset(code);
    } else {
      in.connection().close();
    }
  }
}
