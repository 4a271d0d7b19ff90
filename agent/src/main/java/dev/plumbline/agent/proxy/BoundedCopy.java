package dev.plumbline.agent.proxy;

import io.vertx.core.buffer.Buffer;

/** What passed, up to a bound; past it the copy is dropped and only the fact remains. */
final class BoundedCopy {
  private final int bound;
  private Buffer copy = Buffer.buffer();
  private boolean overflown;

  BoundedCopy(int bound) {
    this.bound = bound;
  }

  void add(Buffer chunk) {
    if (overflown || copy.length() + chunk.length() > bound) {
      overflown = true;
      copy = Buffer.buffer();
    } else {
      copy.appendBuffer(chunk);
    }
  }

  boolean overflown() {
    return overflown;
  }

  byte[] bytes() {
    return copy.getBytes();
  }

  Buffer buffer() {
    return copy;
  }
}
