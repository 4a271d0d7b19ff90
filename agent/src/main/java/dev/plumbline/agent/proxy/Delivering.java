package dev.plumbline.agent.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** An answer being delivered. */
interface Delivering {
  /** The next piece from the origin. */
  void chunk(Buffer chunk);

  /** The origin has ended well; the watch knows. */
  void end(MultiMap trailers);

  /**
   * The origin broke off: send what is kept, if anything.
   *
   * @return true when the client got a whole answer nevertheless; else its connection is closed
   */
  boolean cut();

  /** Asked once, before {@link #cut}: the status that leaves the client with. */
  default int cutStatus(int sent) {
    return sent;
  }
}
