package dev.plumbline.agent.wire.oip;

import java.util.Optional;

/**
 * Where in a registered region a tensor's bytes lie.
 *
 * @param region its registered name
 * @param offset bytes from the region's start
 * @param byteSize bytes of the tensor, or room for it
 */
public record SharedMemory(String region, long offset, long byteSize) {
  private static final String PREFIX = "shared_memory_";
  private static final String REGION = PREFIX + "region";
  private static final String OFFSET = PREFIX + "offset";
  private static final String BYTE_SIZE = PREFIX + "byte_size";

  public SharedMemory {
    if (offset < 0 || byteSize < 0) {
      throw OipException.invalid(
          "shared memory " + region, "offset and size of 0 or above", "less", "correct them");
    }
  }

  /** Of a tensor's parameters; nothing when they speak of no region. */
  static Optional<SharedMemory> of(Parameters parameters) {
    if (!parameters.has(REGION) && !parameters.has(BYTE_SIZE)) {
      return Optional.empty();
    }
    if (!parameters.has(REGION) || !parameters.has(BYTE_SIZE)) {
      throw OipException.invalid(
          "shared memory", REGION + " and " + BYTE_SIZE, "one of them", "give both");
    }
    return Optional.of(
        new SharedMemory(
            parameters.text(REGION).orElseThrow(),
            parameters.whole(OFFSET).orElse(0),
            parameters.whole(BYTE_SIZE).orElseThrow()));
  }

  /** These as parameters, added to others. */
  Parameters addTo(Parameters others) {
    Parameters more = others.with(REGION, region).with(BYTE_SIZE, byteSize);
    return offset == 0 ? more : more.with(OFFSET, offset);
  }
}
