package dev.plumbline.agent.proxy;

import io.vertx.core.buffer.Buffer;

/**
 * What passed, up to a bound; past it the copy is dropped and only the fact remains. A body of one
 * piece is kept as it is: pieces belong to nobody and are not changed.
 */
final class BoundedCopy {
  private static final Buffer NOTHING = Buffer.buffer();

  private final int bound;
  private Buffer copy = NOTHING;
  private boolean own;
  private boolean overflown;

  BoundedCopy(int bound) {
    this.bound = bound;
  }

  void add(Buffer chunk) {
    if (overflown || copy.length() + chunk.length() > bound) {
      overflown = true;
      copy = NOTHING;
    } else if (copy.length() == 0) {
      copy = chunk;
    } else {
      append(chunk);
    }
  }

  private void append(Buffer chunk) {
    if (!own) {
      copy = Buffer.buffer(copy.length() + chunk.length()).appendBuffer(copy);
      own = true;
    }
    copy.appendBuffer(chunk);
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
