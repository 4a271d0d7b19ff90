package dev.plumbline.agent.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Gathers a request's body up to a bound, before any of it goes on. On one event loop. */
final class WholeRequest {
  /**
   * What was gathered.
   *
   * @param body all of it, or what was there when it was enough or outgrew the bound
   * @param whole whether it is all; otherwise the request is paused and more comes
   */
  record Gathered(Buffer body, boolean whole) {}

  private final HttpServerRequest in;
  private final int bound;
  private final Buffer body = Buffer.buffer();

  WholeRequest(HttpServerRequest in, int bound) {
    this.in = in;
    this.bound = bound;
  }

  /**
   * Resumes the request; tells once.
   *
   * @param enough told each piece; says whether no more is needed
   */
  void gather(Predicate<Buffer> enough, Consumer<Gathered> then) {
    in.handler(
        chunk -> {
          boolean known = enough.test(chunk);
          body.appendBuffer(chunk);
          if (known || body.length() > bound) {
            in.pause();
            in.handler(null);
            in.endHandler(null);
            then.accept(new Gathered(body, false));
          }
        });
    in.endHandler(end -> then.accept(new Gathered(body, true)));
    in.resume();
  }
}
