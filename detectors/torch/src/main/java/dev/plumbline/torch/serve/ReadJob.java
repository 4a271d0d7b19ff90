package dev.plumbline.torch.serve;

import dev.plumbline.core.score.Priority;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A text to be read: the readouts of its tokens from one position on.
 *
 * @param tokens prompt and answer, read, not kept afterwards
 * @param from first position whose readouts are wanted
 * @param adapter what the reader wears; none for the reference
 * @param priority who comes first
 * @param abandoned whether nobody waits any more; asked before its pass
 * @param queuedNanos when it came
 * @param result {@code [n][K]} for positions {@code from} on; fails with what the engine failed
 *     with
 */
record ReadJob(
    long[] tokens,
    int from,
    Optional<String> adapter,
    Priority priority,
    BooleanSupplier abandoned,
    long queuedNanos,
    CompletableFuture<double[][]> result) {}
