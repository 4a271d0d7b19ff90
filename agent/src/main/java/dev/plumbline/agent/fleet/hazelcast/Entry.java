package dev.plumbline.agent.fleet.hazelcast;

/**
 * The only type that members exchange, in both maps.
 *
 * @param version of what the bytes mean
 * @param bytes read, not kept
 */
record Entry(int version, byte[] bytes) {}
