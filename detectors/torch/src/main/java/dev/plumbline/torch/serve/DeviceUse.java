package dev.plumbline.torch.serve;

/**
 * What an engine's read passes have done since it started, and whether they are tried.
 *
 * @param failing passes fail again and again, so none is tried until a trial succeeds
 * @param opened how often that began
 * @param outOfMemory passes, generation's too, that found no memory
 * @param otherFailures passes that failed otherwise
 * @param refused readings not tried, or given up, because the device was failing
 * @param limitTokens tokens a pass may take now
 * @param boundTokens the most it may
 * @param passes that succeeded
 * @param rows texts in them
 * @param tokens of those texts
 * @param padding tokens beside those
 * @param busyNanos those passes took, nanoseconds
 */
public record DeviceUse(
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
    long busyNanos) {}
