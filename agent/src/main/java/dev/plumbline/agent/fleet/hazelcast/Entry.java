package dev.plumbline.agent.fleet.hazelcast;

/**
 * The only type that members exchange, in both maps.
 *
 * @param version of what the bytes mean
 * @param oldest the oldest version whose reader understands them, but for what is new
 * @param bytes read, not kept
 */
record Entry(int version, int oldest, byte[] bytes) {
  /** For readers of its own version. */
  Entry(int version, byte[] bytes) {
    this(version, version, bytes);
  }
}
