package dev.plumbline.agent.tap.cut;

/**
 * What stands between an origin's answer and the client of a decorated exchange. Bytes that are not
 * cut pass unchanged and in order; memory does not grow with what is cut. Not thread-safe; cheap
 * enough for an event loop.
 */
public interface AnswerFilter {
  /** Takes the next bytes of the origin and returns those that go on, perhaps none. */
  byte[] feed(byte[] bytes);

  /** The origin's answer has ended, whole or broken off: what was held back. Call once. */
  byte[] end();
}
