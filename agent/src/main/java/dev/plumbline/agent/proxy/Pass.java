package dev.plumbline.agent.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Bytes as they come, trailers included, nothing added. */
final class Pass implements Delivering {
  private final HttpServerResponse out;

  Pass(HttpServerResponse out) {
    this.out = out;
  }

  @Override
  public void chunk(Buffer chunk) {
    out.write(chunk);
  }

  @Override
  public void end(MultiMap trailers) {
    if (out.isChunked()) {
      out.trailers().addAll(trailers);
    }
    out.end();
  }

  @Override
  public boolean cut() {
    return false;
  }
}
