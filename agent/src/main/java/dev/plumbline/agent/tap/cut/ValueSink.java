package dev.plumbline.agent.tap.cut;

/** Takes the bytes of one JSON value as they come. Called on one thread; must not throw. */
public interface ValueSink {
  /** The next bytes of the value; read, not kept. */
  void bytes(byte[] from, int at, int length);
}
