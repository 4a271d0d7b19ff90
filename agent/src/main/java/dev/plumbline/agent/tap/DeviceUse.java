package dev.plumbline.agent.tap;

import java.util.Optional;

/**
 * The device that reads, and what it has done since it was opened.
 *
 * @param kind {@code cpu}, {@code gpu}, or {@code none} where nothing computes here
 * @param found what was wanted and found, for a person
 * @param failing passes fail again and again, so none is tried until a trial succeeds
 * @param opened how often that began
 * @param outOfMemory passes that found no memory
 * @param otherFailures passes that failed otherwise
 * @param refused readings not tried because the device was failing
 * @param limitTokens tokens a pass may take now
 * @param boundTokens the most it may
 * @param passes over whole or followed texts that succeeded
 * @param rows texts in them
 * @param tokens of those texts
 * @param padding tokens beside those
 * @param busyNanos those passes took, nanoseconds
 * @param memory of a GPU; empty for a CPU, and where CUDA does not tell
 * @param utilisation of a GPU; empty for a CPU, and where NVML does not tell
 */
public record DeviceUse(
    String kind,
    String found,
    boolean failing,
    long opened,
    long outOfMemory,
    long otherFailures,
    long refused,
    int limitTokens,
    int boundTokens,
    long passes,
    long rows,
    long tokens,
    long padding,
    long busyNanos,
    Optional<Memory> memory,
    Optional<Utilisation> utilisation) {
  /**
   * What a GPU holds, of every process on it.
   *
   * @param device such as {@code cuda:0}
   * @param used bytes
   * @param total bytes
   */
  public record Memory(String device, long used, long total) {}

  /**
   * How much of the last moment a GPU ran any kernel, of every process on it.
   *
   * @param device such as {@code cuda:0}
   * @param share in [0,1]
   */
  public record Utilisation(String device, double share) {}

  /** Of an agent that computes nothing, or does not yet. */
  public static final DeviceUse NONE =
      new DeviceUse(
          "none",
          "nothing computes here",
          false,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          Optional.empty(),
          Optional.empty());
}
