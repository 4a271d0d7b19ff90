package dev.plumbline.agent.proxy;

import dev.plumbline.agent.scoring.Outcome;
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

  /**
   * The origin has ended well. True if this delivery is not at its end, and will say when it is.
   */
  default boolean goesOn() {
    return false;
  }

  /** The same where the origin broke off, or fell silent. */
  default boolean goesOn(Outcome broken) {
    return false;
  }

  /** Asked once, before {@link #cut}: the status that leaves the client with. */
  default int cutStatus(int sent) {
    return sent;
  }
}
