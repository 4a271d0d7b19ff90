package dev.plumbline.agent.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** An answer being delivered. */
interface Delivering {
  /** The next piece from the origin. */
  void chunk(Buffer chunk);

  /** The origin has ended well; the watch knows. */
  void end(MultiMap trailers);

  /** The origin broke off: send what is kept, if anything; the connection is closed after. */
  void cut();
}
