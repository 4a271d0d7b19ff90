package dev.plumbline.agent.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is opened on the way to something larger, to be used in a {@code try}: freed at its end, the
 * last one first, unless the way was gone to its end. Weights are gigabytes outside of the heap, so
 * a load that fails halfway would cost them for good; an agent that adopts a direction goes on
 * after that. Not thread-safe.
 */
final class Opening implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Owns it from now on. */
  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** The same; {@code taken} is owned by it, and closed with it. */
  <T extends AutoCloseable> T add(T part, AutoCloseable taken) {
    parts.remove(taken);
    return add(part);
  }

  /** The whole is there, and owns its parts. */
  <T> T done(T whole) {
    parts.clear();
    return whole;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.warn("what was opened in vain could not be freed: {}", e.toString());
      }
    }
  }
}
