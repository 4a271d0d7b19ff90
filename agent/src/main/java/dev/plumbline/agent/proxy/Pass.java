package dev.plumbline.agent.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** Bytes as they come, trailers included, nothing added. */
final class Pass implements Delivering {
  private final HttpServerResponse out;
  private final LastPiece last;

  /**
   * @param version of the side the answer comes from
   */
  Pass(HttpServerResponse out, HttpVersion version) {
    this.out = out;
    this.last = new LastPiece(version, out.headers());
  }

  @Override
  public void chunk(Buffer chunk) {
    if (!last.holds(chunk)) {
      out.write(chunk);
    }
  }

  @Override
  public void end(MultiMap trailers) {
    if (out.isChunked()) {
      out.trailers().addAll(trailers);
    }
    last.held().ifPresentOrElse(out::end, out::end);
  }

  @Override
  public boolean cut() {
    return false;
  }
}
